using Copilot.Domain.Responses.Connecting;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Sessions;
using Copilot.Domain.Runs.Input;
using Copilot.Domain.Tools;

namespace Copilot.Domain.Runs.Actor;

/// <summary>A message in a run's mailbox. Everything that can happen to a run comes this way, one at a time.</summary>
internal abstract record RunMessage
{
    /// <summary>The run leaves the queue.</summary>
    public sealed record Begin : RunMessage;

    /// <summary>An interrupted run goes on without being asked.</summary>
    public sealed record AutoResume(string Reason) : RunMessage;

    /// <summary>A person resumes the run, which is taken up for it.</summary>
    public sealed record Resume(RunCommand.Resume Command) : RunMessage;

    /// <summary>A person asks the run for something and waits for the answer. A question without an answer is refused.</summary>
    public sealed record Asked(RunCommand Command) : RunMessage
    {
        private readonly TaskCompletionSource<CommandOutcome> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>How the command was taken.</summary>
        public Task<CommandOutcome> Answer => _answer.Task;

        /// <summary>Answers. Only the first answer counts.</summary>
        public void Reply(CommandOutcome outcome) => _answer.TrySetResult(outcome);

        /// <summary>Lets the person know that the answer is not known, because of this error.</summary>
        public void Fail(Exception exception) => _answer.TrySetException(exception);
    }

    /// <summary>A call was not decided about in time.</summary>
    public sealed record DecisionTimeUp(string CallId) : RunMessage;

    /// <summary>A question was not answered in time.</summary>
    public sealed record QuestionTimeUp(string CallId) : RunMessage;

    /// <summary>The transport has tried to send words.</summary>
    public sealed record SteerSent(string SteerId, bool Sent) : RunMessage;

    /// <summary>Whoever has taken over was silent for too long. Compared by reference: each wait has its own.</summary>
    public sealed record SilenceOver : RunMessage;

    /// <summary>The process is about to stop: what is under way may end, nothing new begins.</summary>
    public sealed record Drain(string Reason) : RunMessage;

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

    /// <summary>An abandoned tool that must be alone has really ended, or does not end.</summary>
    public sealed record ToolFreed : RunMessage;
}
