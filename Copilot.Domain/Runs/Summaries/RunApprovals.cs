using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;

namespace Copilot.Domain.Runs.Summaries;

/// <summary>
/// Folds <c>approval.*</c>: which calls a person was asked about, and what came of it. A decision counts until its call has
/// its output, so a model that uses a <c>call_id</c> again is asked about again.
/// </summary>
internal sealed class RunApprovals
{
    private readonly Dictionary<string, ApprovalRequest> _open = [];
    private readonly Dictionary<string, ApprovalDecision> _decided = [];
    private readonly HashSet<string> _askers = [];

    /// <summary>The question about a call that has no output yet, or null when nobody was asked.</summary>
    public ApprovalRequest? Find(string callId) => _open.GetValueOrDefault(callId);

    /// <summary>The newest decision about a call, also when it has its output by now.</summary>
    public ApprovalDecision? DecisionOf(string callId) => _decided.GetValueOrDefault(callId);

    /// <summary>Whether this person asked for what the run does: it is theirs, or they have written in it.</summary>
    public bool HasAsked(string personId) => _askers.Contains(personId);

    /// <summary>Takes the next event.</summary>
    public void Apply(RunEvent runEvent)
    {
        if (AskerOf(runEvent) is { } asker)
        {
            _askers.Add(asker);
        }

        if (runEvent.CallId is not { } callId)
        {
            return;
        }

        switch (runEvent.Payload)
        {
            case ApprovalRequested request:
                _open[callId] = new ApprovalRequest(runEvent.At, request.Timeout ?? TimeSpan.Zero) { NeedsOther = request.OtherApprover is true, Rule = request.Rule };
                _decided.Remove(callId);
                break;
            case ApprovalApproved approved:
                Decide(callId, new(ApprovalAnswer.Approved, runEvent.Actor, runEvent.At, approved.Arguments, Reason: null));
                break;
            case ApprovalDenied denied:
                Decide(callId, new(ApprovalAnswer.Denied, runEvent.Actor, runEvent.At, Arguments: null, denied.Reason));
                break;
            case ApprovalExpired:
                Decide(callId, new(ApprovalAnswer.Expired, Actor: null, runEvent.At, Arguments: null, Reason: null));
                break;
            case ToolEnded or ToolOutcomeUnknown:
                _open.Remove(callId);
                break;
        }
    }

    private static string? AskerOf(RunEvent runEvent) => runEvent.Payload switch
    {
        RunCreated created => created.UserId,
        UserMessage or SteerRequested => runEvent.Actor?.Id,
        _ => null,
    };

    private void Decide(string callId, ApprovalDecision decision)
    {
        // The first decision stands.
        if (_open.TryGetValue(callId, out var request) && request.Decision is null)
        {
            _open[callId] = request with { Decision = decision };
            _decided[callId] = decision;
        }
    }
}
