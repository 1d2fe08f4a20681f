namespace Copilot.Web.Audit;

/// <summary>Somebody reads something.</summary>
/// <param name="Action">One of <c>AccessActions</c>.</param>
/// <param name="UserId">Who.</param>
/// <param name="KeyId">With which API key; null on a page.</param>
/// <param name="Address">From where; null when it is not known.</param>
/// <param name="ObjectId">What.</param>
internal sealed record AccessRead(string Action, string UserId, string? KeyId, string? Address, string ObjectId)
{
    /// <summary>What exactly is seen, in a few words, or null.</summary>
    public string? After { get; init; }
}
