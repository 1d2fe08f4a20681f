using Copilot.Domain.Responses.Connecting;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Sessions;
using Copilot.Domain.Runs.Input;
using Copilot.Domain.Tools;

namespace Copilot.Domain.Runs.Actor;

/// <summary>What lies in a run's mailbox. Everything that can happen to a run comes this way, one at a time.</summary>
internal abstract record RunMessage
{
    /// <summary>The run leaves the queue.</summary>
    public sealed record Begin : RunMessage;

    /// <summary>An interrupted run goes on without being asked.</summary>
    public sealed record AutoResume(string Reason) : RunMessage;

    /// <summary>A person wants something.</summary>
    public sealed record Commanded(RunCommand Command) : RunMessage;

    /// <summary>A person has decided about a call and waits for the answer.</summary>
    public sealed record Decided(RunCommand.Decision Command, TaskCompletionSource<DecisionOutcome> Answer) : RunMessage;

    /// <summary>Nobody has decided about a call in time.</summary>
    public sealed record DecisionTimeUp(string CallId) : RunMessage;

    /// <summary>A person tells the agent something. Whoever takes the message out of the mailbox answers it.</summary>
    public sealed record Steered(RunCommand.Steer Command) : RunMessage
    {
        public TaskCompletionSource<CommandOutcome> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>The transport has tried to send words.</summary>
    public sealed record SteerSent(string SteerId, bool Sent) : RunMessage;

    /// <summary>The process stops.</summary>
    public sealed record Interrupt(string Reason) : RunMessage;

    /// <summary>The run's time is up.</summary>
    public sealed record TimeUp : RunMessage;

    /// <summary>An append was refused for good.</summary>
    public sealed record CommitFailed(Exception Exception) : RunMessage;

    /// <summary>A step of connecting.</summary>
    public sealed record Connecting(ConnectNotice Notice) : RunMessage;

    /// <summary>Connecting has ended; null when it worked.</summary>
    public sealed record ConnectEnded(Exception? Exception) : RunMessage;

    /// <summary>An event of the response that is being streamed.</summary>
    public sealed record Received(ResponseEvent Event) : RunMessage;

    /// <summary>The stream has ended; null after its terminal event.</summary>
    public sealed record StreamEnded(Exception? Exception) : RunMessage;

    /// <summary>The upstream has compacted the conversation, or why it has not.</summary>
    public sealed record CompactionEnded(CompactedInput? Compacted, Exception? Exception) : RunMessage;

    /// <summary>A wait before the next attempt is over. Compared by reference: each wait has its own.</summary>
    public sealed record WaitOver : RunMessage;

    /// <summary>A tool has ended, or was abandoned.</summary>
    public sealed record ToolEnded(PendingCall Call, ToolResult Result) : RunMessage;
}
