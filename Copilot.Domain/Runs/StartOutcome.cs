using Copilot.Domain.Runs.Summaries;

namespace Copilot.Domain.Runs;

/// <summary>How a start ended.</summary>
public abstract record StartOutcome
{
    private StartOutcome()
    {
    }

    /// <summary>The run's first events are committed. <paramref name="Existing"/>: the same message had already started it.</summary>
    public sealed record Started(RunSummary Run, bool Existing) : StartOutcome;

    /// <summary>Too many runs at once or in queues, in all, of this person or of this API key; try again after <paramref name="RetryAfter"/>.</summary>
    public sealed record TooMany(string Message, TimeSpan RetryAfter) : StartOutcome
    {
        /// <summary>Which limit it is, as a stable word.</summary>
        public string Code { get; init; } = "server_limit";
    }

    /// <summary>The session belongs to somebody else or was deleted. Nothing was started.</summary>
    public sealed record SessionTaken : StartOutcome;
}
