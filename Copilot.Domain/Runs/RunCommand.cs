using Copilot.Domain.Runs.Events;

namespace Copilot.Domain.Runs;

/// <summary>What a person asks of a run. Its effect is seen only as events.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Reason">Why, as the run's owner reads it; null where they gave no reason.</param>
public abstract record RunCommand(EventActor Actor, string? Reason)
{
    /// <summary>Made by the client: the same id twice acts once, also after a restart. Null: no such protection.</summary>
    public string? CommandId { get; init; }

    /// <summary>
    /// The newest event that the person had seen. Where somebody did something about the run after it, the command is refused and names
    /// who was first. Null: as the run is now.
    /// </summary>
    public long? ExpectedSeq { get; init; }

    /// <summary>End it as cancelled: a running, waiting, queued or interrupted run.</summary>
    public sealed record Stop(EventActor Actor, string? Reason) : RunCommand(Actor, Reason);

    /// <summary>Let an interrupted run go on.</summary>
    /// <param name="Actor">Who asks.</param>
    /// <param name="RepeatUnknownTools">What to do with calls that started and whose outcome is unknown: true runs them again, false tells the model that the outcome is unknown.</param>
    public sealed record Resume(EventActor Actor, bool RepeatUnknownTools) : RunCommand(Actor, Reason: null);

    /// <summary>A decision about a call that waits for a person. Answered once it is committed.</summary>
    public abstract record Decision(EventActor Actor, string CallId, string? Reason) : RunCommand(Actor, Reason);

    /// <summary>Carry the call out.</summary>
    /// <param name="Actor">Who decides.</param>
    /// <param name="CallId">The call's <c>call_id</c>, or the id of an MCP approval request.</param>
    /// <param name="EditedArguments">JSON to use in place of the model's arguments; null leaves them. Not for MCP.</param>
    public sealed record Approve(EventActor Actor, string CallId, string? EditedArguments) : Decision(Actor, CallId, Reason: null);

    /// <summary>Do not carry the call out.</summary>
    /// <param name="Actor">Who decides.</param>
    /// <param name="CallId">The call's <c>call_id</c>, or the id of an MCP approval request.</param>
    /// <param name="Reason">What the model is told, or null.</param>
    public sealed record Deny(EventActor Actor, string CallId, string? Reason) : Decision(Actor, CallId, Reason);

    /// <summary>Answer a question of the agent. Answered once it is committed.</summary>
    /// <param name="Actor">Who answers.</param>
    /// <param name="CallId">The <c>call_id</c> of the call that asks.</param>
    /// <param name="Text">A choice, or the person's own words where they are allowed.</param>
    public sealed record Answer(EventActor Actor, string CallId, string Text) : RunCommand(Actor, Reason: null);

    /// <summary>A message for the agent while it works. Answered once it is saved.</summary>
    /// <param name="Actor">Who says it.</param>
    /// <param name="SteerId">Made by the client; the same id twice says it once.</param>
    /// <param name="Text">The words; not empty.</param>
    public sealed record Steer(EventActor Actor, string SteerId, string Text) : RunCommand(Actor, Reason: null);

    /// <summary>Try again now instead of waiting any longer.</summary>
    public sealed record RetryNow(EventActor Actor) : RunCommand(Actor, Reason: null);

    /// <summary>Let a run with a budget cost more. One that waits because its budget is used up goes on.</summary>
    /// <param name="Actor">Who allows it.</param>
    /// <param name="AmountMicros">How much more, in micro-units, above 0: on top of the budget, or of what was spent where that is more.</param>
    public sealed record RaiseBudget(EventActor Actor, long AmountMicros) : RunCommand(Actor, Reason: null);

    /// <summary>
    /// Something that people do about a run while it works (<c>supervisor.…</c>). It is committed before it takes effect and before it
    /// is answered. Of two who want the same, one wins and the other is told who was first.
    /// </summary>
    /// <param name="Actor">Who does it.</param>
    /// <param name="Reason">Why, or null.</param>
    public abstract record Intervene(EventActor Actor, string? Reason) : RunCommand(Actor, Reason);

    /// <summary>Begin nothing new, neither a tool nor a request, until somebody lets it continue. What is under way ends.</summary>
    public sealed record Pause(EventActor Actor, string? Reason) : Intervene(Actor, Reason);

    /// <summary>Let a paused run continue. Not for the owner where somebody else has paused it.</summary>
    public sealed record Continue(EventActor Actor, string? Reason) : Intervene(Actor, Reason);

    /// <summary>Answer in the agent's place. A response that is being generated is dropped.</summary>
    public sealed record TakeOver(EventActor Actor, string? Reason) : Intervene(Actor, Reason);

    /// <summary>A message to the owner in the agent's place, from the person who has taken over, or an admin.</summary>
    /// <param name="Actor">Who writes.</param>
    /// <param name="Reason">Why, or null.</param>
    /// <param name="Text">The message; not empty.</param>
    public sealed record Write(EventActor Actor, string? Reason, string Text) : Intervene(Actor, Reason);

    /// <summary>Let the agent answer again, by the person who has taken over, or an admin.</summary>
    /// <param name="Actor">Who hands back.</param>
    /// <param name="Reason">A note for the agent, or null.</param>
    public sealed record HandBack(EventActor Actor, string? Reason) : Intervene(Actor, Reason);

    /// <summary>End one call; the run continues. One that has not started is not carried out.</summary>
    /// <param name="Actor">Who cancels it.</param>
    /// <param name="Reason">What the model is told, or null.</param>
    /// <param name="CallId">The call's <c>call_id</c>, or the id of an MCP approval request that waits.</param>
    public sealed record CancelCall(EventActor Actor, string? Reason, string CallId) : Intervene(Actor, Reason);

    /// <summary>Drop the response that is being generated and ask for it again, from the last completed step.</summary>
    public sealed record RetryStep(EventActor Actor, string? Reason) : Intervene(Actor, Reason);
}
