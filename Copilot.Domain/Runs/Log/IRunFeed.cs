using Copilot.Domain.Runs.Events;

namespace Copilot.Domain.Runs.Log;

/// <summary>Reads a run's events: the stored ones, then those that come.</summary>
public interface IRunFeed
{
    /// <summary>
    /// Yields every event after <paramref name="after"/> in order, in batches that grow when the reader is slow, without gap or
    /// duplicate. Ends after a terminal event; an interrupted run keeps it open, because it may be resumed.
    /// </summary>
    IAsyncEnumerable<IReadOnlyList<RunEvent>> FollowAsync(string runId, long after, CancellationToken cancellationToken);
}
