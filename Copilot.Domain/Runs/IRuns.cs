namespace Copilot.Domain.Runs;

/// <summary>Starts runs and hands them commands. Callers have checked <see cref="IRunAccess"/> first.</summary>
public interface IRuns
{
    /// <summary>Starts a run, or queues it behind the session's active one. Returns once its first events are committed.</summary>
    /// <exception cref="ArgumentException">The request is not valid; the message says what to change.</exception>
    Task<StartOutcome> StartAsync(RunRequest request, CancellationToken cancellationToken);

    /// <summary>Hands a command to the run's owner. <see cref="RunCommand.Steer"/> is answered once its words are kept.</summary>
    /// <exception cref="ArgumentException">The words are empty or too long; the message says what to change.</exception>
    Task<CommandOutcome> SendAsync(string runId, RunCommand command, CancellationToken cancellationToken);

    /// <summary>
    /// Decides about a call that waits for a person. Returns once the decision is committed, or says why it does not count; the
    /// first decision stands, and one that does not count changes nothing.
    /// </summary>
    Task<DecisionOutcome> DecideAsync(string runId, RunCommand.Decision decision, CancellationToken cancellationToken);
}
