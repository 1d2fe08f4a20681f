using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;

namespace Copilot.Domain.Runs.Summaries.Supervision;

/// <summary>
/// Folds <c>rule.fired</c> into what the run has still to do about it: calls that a person must decide about first, and rules that pause it
/// before its next tool. A restart finds both as they were.
/// </summary>
internal sealed class RunRules
{
    private readonly Dictionary<string, RuleFired> _approvals = [];
    private readonly List<RuleFired> _pauses = [];

    /// <summary>The rules that have asked for a pause which has not come yet, the oldest first.</summary>
    public IReadOnlyList<RuleFired> DuePauses => _pauses;

    /// <summary>The rule that wants a person to decide about a call, or null.</summary>
    public RuleFired? ApprovalOf(string callId) => _approvals.GetValueOrDefault(callId);

    /// <summary>Takes the next event.</summary>
    public void Apply(RunEvent runEvent)
    {
        switch (runEvent.Payload)
        {
            case RuleFired { Effect: RuleEffect.Approval } fired when runEvent.CallId is { } callId:
                _approvals.TryAdd(callId, fired);
                break;
            case RuleFired { Effect: RuleEffect.Pause } fired:
                _pauses.Add(fired);
                break;
            case SupervisorPaused when runEvent.Actor is { Role: EventActor.RuleRole, Id: { } rule }:
                _pauses.RemoveAll(one => one.RuleId == rule);
                break;
            case ToolEnded or ToolOutcomeUnknown when runEvent.CallId is { } callId:
                _approvals.Remove(callId);
                break;
        }
    }

    /// <summary>Forgets what rules have asked for that are not in force any more.</summary>
    /// <param name="isInForce">Whether a rule is in force, by its id.</param>
    public void Discard(Func<string, bool> isInForce) => _pauses.RemoveAll(one => one.RuleId is not { } id || !isInForce(id));
}
