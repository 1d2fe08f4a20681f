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

    /// <summary>
    /// Reads a run that has ended without the pieces that its answers came in: a fraction of its events, which say the same at the end.
    /// </summary>
    /// <param name="runId">The run.</param>
    /// <param name="take">Takes the events, in order, with holes where the pieces were.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>
    /// False when what was taken does not say everything, because the run was cut, goes on, or its upstream is sparing: then
    /// <see cref="FollowAsync"/> has to read it from the beginning.
    /// </returns>
    Task<bool> TryReadEndedAsync(string runId, Action<IReadOnlyList<RunEvent>> take, CancellationToken cancellationToken);
}
