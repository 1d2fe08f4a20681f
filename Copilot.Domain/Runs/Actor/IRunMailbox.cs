namespace Copilot.Domain.Runs.Actor;

/// <summary>A run's mailbox as the parts of the run use it. It has one reader, the run's loop; a part reads only while the loop waits for it.</summary>
internal interface IRunMailbox
{
    /// <summary>Puts a message into the mailbox, from any thread. Ignored once the run has ended.</summary>
    void Post(RunMessage message);

    /// <summary>The next message that is the caller's business. What concerns a run in every state is dealt with before.</summary>
    /// <exception cref="RunEndingException">A message ends the run.</exception>
    Task<RunMessage> ReceiveAsync();

    /// <summary>The next message of any kind, or null when there is none. For a run that ends.</summary>
    RunMessage? TryTake();
}
