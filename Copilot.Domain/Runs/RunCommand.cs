using Copilot.Domain.Runs.Events;

namespace Copilot.Domain.Runs;

/// <summary>What a person asks of a run. Its effect is seen only as events.</summary>
public abstract record RunCommand(EventActor Actor)
{
    /// <summary>End it as cancelled: a running, waiting, queued or interrupted run.</summary>
    public sealed record Stop(EventActor Actor, string? Reason) : RunCommand(Actor);

    /// <summary>Let an interrupted run go on.</summary>
    /// <param name="Actor">Who asks.</param>
    /// <param name="RepeatUnknownTools">What to do with calls that started and whose outcome is unknown: true runs them again, false tells the model that the outcome is unknown.</param>
    public sealed record Resume(EventActor Actor, bool RepeatUnknownTools) : RunCommand(Actor);

    /// <summary>A decision about a call that waits for a person. Answered once it is committed.</summary>
    public abstract record Decision(EventActor Actor, string CallId) : RunCommand(Actor);

    /// <summary>Carry the call out.</summary>
    /// <param name="Actor">Who decides.</param>
    /// <param name="CallId">The call's <c>call_id</c>, or the id of an MCP approval request.</param>
    /// <param name="EditedArguments">JSON to use in place of the model's arguments; null leaves them. Not for MCP.</param>
    public sealed record Approve(EventActor Actor, string CallId, string? EditedArguments) : Decision(Actor, CallId);

    /// <summary>Do not carry the call out.</summary>
    /// <param name="Actor">Who decides.</param>
    /// <param name="CallId">The call's <c>call_id</c>, or the id of an MCP approval request.</param>
    /// <param name="Reason">What the model is told, or null.</param>
    public sealed record Deny(EventActor Actor, string CallId, string? Reason) : Decision(Actor, CallId);

    /// <summary>A message for the agent while it works. Answered once it is saved.</summary>
    /// <param name="Actor">Who says it.</param>
    /// <param name="SteerId">Made by the client; the same id twice says it once.</param>
    /// <param name="Text">The words; not empty.</param>
    public sealed record Steer(EventActor Actor, string SteerId, string Text) : RunCommand(Actor);

    /// <summary>Try again now instead of waiting any longer.</summary>
    public sealed record RetryNow(EventActor Actor) : RunCommand(Actor);

    /// <summary>Let a run with a budget cost more. One that waits because its budget is used up goes on.</summary>
    /// <param name="Actor">Who allows it.</param>
    /// <param name="AmountMicros">How much more, in micro-units, above 0: on top of the budget, or of what was spent where that is more.</param>
    public sealed record RaiseBudget(EventActor Actor, long AmountMicros) : RunCommand(Actor);
}
