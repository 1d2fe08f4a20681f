namespace Copilot.Web.Storage.Supervision;

/// <summary>Somebody had a run in their care, from when to when. Times are UTC microseconds since the Unix epoch.</summary>
internal sealed class RunClaimRow
{
    /// <summary><c>clm_…</c>.</summary>
    public required string Id { get; init; }

    public required string RunId { get; init; }

    /// <summary>Whose run it is.</summary>
    public required string UserId { get; init; }

    /// <summary>Whose supervisors see it.</summary>
    public required string TeamId { get; init; }

    /// <summary>Who took it into their care, and their name at that time.</summary>
    public required string ClaimedBy { get; init; }

    public required string ClaimedByName { get; init; }

    public required long ClaimedAt { get; init; }

    /// <summary>Null while they have it.</summary>
    public long? EndedAt { get; set; }

    /// <summary>A <c>ClaimEnd</c> as it is stored, or null.</summary>
    public string? EndedBecause { get; set; }
}
