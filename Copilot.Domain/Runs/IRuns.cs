namespace Copilot.Domain.Runs;

/// <summary>Starts runs and hands them commands. Callers have checked <see cref="IRunAccess"/> first.</summary>
public interface IRuns
{
    /// <summary>Starts a run, or queues it behind the session's active one. Returns once its first events are committed.</summary>
    /// <exception cref="ArgumentException">The request is not valid; the message says what to change.</exception>
    Task<StartOutcome> StartAsync(RunRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Asks a run for something. A decision and <see cref="RunCommand.Steer"/> are answered once they are committed; the first
    /// decision stands, and one that does not count changes nothing.
    /// </summary>
    /// <exception cref="ArgumentException">The message is empty or too long; the message says what to change.</exception>
    Task<CommandOutcome> AskAsync(string runId, RunCommand command, CancellationToken cancellationToken);
}
