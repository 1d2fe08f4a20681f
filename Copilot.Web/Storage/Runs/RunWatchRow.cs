namespace Copilot.Web.Storage.Runs;

/// <summary>One person looked at one run. Times are UTC microseconds since the Unix epoch.</summary>
internal sealed class RunWatchRow
{
    /// <summary><c>wat_…</c>.</summary>
    public required string Id { get; init; }

    public required string RunId { get; init; }

    /// <summary>Who; they may be gone since.</summary>
    public required string UserId { get; init; }

    /// <summary>Their role then.</summary>
    public required string Role { get; init; }

    public required long JoinedAt { get; init; }

    /// <summary>Null while they look.</summary>
    public long? LeftAt { get; set; }
}
