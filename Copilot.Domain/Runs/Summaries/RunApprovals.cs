using Copilot.Domain.Runs.Events;

namespace Copilot.Domain.Runs.Summaries;

/// <summary>
/// Folds <c>approval.*</c>: which calls a person was asked about, and what came of it. A decision counts until its call has
/// its output, so a model that uses a <c>call_id</c> again is asked about again.
/// </summary>
internal sealed class RunApprovals
{
    private readonly Dictionary<string, ApprovalRequest> _open = [];
    private readonly Dictionary<string, ApprovalDecision> _decided = [];

    /// <summary>The question about a call that has no output yet, or null when nobody was asked.</summary>
    public ApprovalRequest? Find(string callId) => _open.GetValueOrDefault(callId);

    /// <summary>The newest decision about a call, also when it has its output by now.</summary>
    public ApprovalDecision? DecisionOf(string callId) => _decided.GetValueOrDefault(callId);

    /// <summary>Takes the next event.</summary>
    public void Apply(RunEvent runEvent)
    {
        if (runEvent.CallId is not { } callId || runEvent.Source is EventSource.Upstream)
        {
            return;
        }

        switch (runEvent.Type)
        {
            case RunEventTypes.ApprovalRequested:
                _open[callId] = new ApprovalRequest(runEvent.At, TimeSpan.FromMilliseconds(runEvent.Number("timeout_ms") ?? 0));
                _decided.Remove(callId);
                break;
            case RunEventTypes.ApprovalApproved:
                Decide(callId, new(ApprovalAnswer.Approved, runEvent.Actor, runEvent.At, runEvent.Text("arguments"), Reason: null));
                break;
            case RunEventTypes.ApprovalDenied:
                Decide(callId, new(ApprovalAnswer.Denied, runEvent.Actor, runEvent.At, Arguments: null, runEvent.Text("reason")));
                break;
            case RunEventTypes.ApprovalExpired:
                Decide(callId, new(ApprovalAnswer.Expired, Actor: null, runEvent.At, Arguments: null, Reason: null));
                break;
            case RunEventTypes.ToolOutcomeUnknown:
            case var end when RunEventTypes.IsToolEnd(end):
                _open.Remove(callId);
                break;
        }
    }

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
