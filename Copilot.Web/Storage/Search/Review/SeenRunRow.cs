namespace Copilot.Web.Storage.Search.Review;

/// <summary>Somebody has opened a run.</summary>
internal sealed class SeenRunRow
{
    public required string UserId { get; init; }

    public required string RunId { get; init; }

    /// <summary>When they did so first.</summary>
    public required long SeenAt { get; init; }
}
