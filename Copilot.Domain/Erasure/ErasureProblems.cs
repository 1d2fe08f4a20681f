namespace Copilot.Domain.Erasure;

/// <summary>Why a deletion is not finished, or not proven: sentences for its owner and for admins.</summary>
internal static class ErasureProblems
{
    public const string RunActive = "One of its runs has not stopped yet.";
    public const string Held = "It is under a legal hold. It will be deleted when that is lifted.";
    public const string DatabaseInUse = "The database is in use, so its file can't be cleaned yet.";
    public const string Failed = "Something went wrong on the server. Its log has the details.";
    public const string ResponseUnknown = "The request may have been stored, but the id of its response was never received.";
    public const string SocketUnknown = "The log does not record how its connection ended.";
    public const string StillThere = "The provider confirmed the deletion but still has the response.";

    /// <summary>A response that was stored at an upstream that is no longer configured.</summary>
    public static string OtherUpstream(string? endpoint) =>
        $"It was created at {endpoint}, which is not the configured upstream. Set Upstream:BaseUrl and its key to that one until it is deleted.";
}
