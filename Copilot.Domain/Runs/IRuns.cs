using Copilot.Domain.Runs.Log;

namespace Copilot.Domain.Runs;

/// <summary>Starts runs and hands them commands. Callers have checked <see cref="IRunAccess"/> first.</summary>
public interface IRuns
{
    /// <summary>Starts a run, or queues it behind the session's active one. Returns once its first events are committed.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="cancellationToken">
    /// Ends the waiting. A start that is being committed by then happens all the same: asked again with the same message id, it is found.
    /// </param>
    /// <exception cref="ArgumentException">The request is not valid; the message says what to change.</exception>
    /// <exception cref="StorageUnavailableException">Nothing can be saved now, and nothing of this is.</exception>
    Task<StartOutcome> StartAsync(RunRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Asks a run for something. A decision and <see cref="RunCommand.Steer"/> are answered once they are committed; the first
    /// decision stands, and one that does not count changes nothing.
    /// </summary>
    /// <exception cref="ArgumentException">The message is empty or too long; the message says what to change.</exception>
    /// <exception cref="StorageUnavailableException">Nothing can be saved now, so an interrupted run is not resumed.</exception>
    Task<CommandOutcome> AskAsync(string runId, RunCommand command, CancellationToken cancellationToken);
}
