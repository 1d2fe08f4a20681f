using System.Text.Json;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Input;
using Copilot.Domain.Runs.Summaries;

namespace Copilot.Domain.Runs.Actor;

/// <summary>
/// Calls that wait for a person. The question, the decision and what follows from it are in the log before they count, so a
/// restart asks nobody twice: the time that is left comes from the question's own event.
/// </summary>
internal sealed partial class RunActor
{
    private readonly Dictionary<string, OpenApproval> _openApprovals = [];
    private RunLimit? _limit;

    private bool WaitsForPeople => _openApprovals.Count > 0;

    /// <summary>Asks about a call, waits on after a restart, or does what was decided.</summary>
    private void RequestApproval(PendingCall call)
    {
        if (Recorder.Approvals.Find(call.CallId) is not { } request)
        {
            if (!call.IsMcp && _tools.Approvals.ErrorsOf(call.Name, call.Arguments) is { Count: > 0 } errors)
            {
                // Nobody is asked about a call that cannot be carried out.
                Recorder.Record(new ToolFailed(call.Name, string.Join(" ", errors), TimeSpan.Zero), call.CallId);
                return;
            }

            var timeout = call.IsMcp ? _tools.Approvals.DefaultTimeout : _tools.Approvals.TimeoutOf(call.Name);
            Recorder.Record(
                new ApprovalRequested(call.IsMcp ? ApprovalKind.Mcp : ApprovalKind.Tool, call.Name, call.Arguments, call.ServerLabel, timeout),
                call.CallId);
            request = Recorder.Approvals.Find(call.CallId)!;
        }

        var left = request.RequestedAt + request.Timeout - RunTime.Now(_time);
        if (request.Decision is null && left <= TimeSpan.Zero)
        {
            // The time ran out while nobody owned the run.
            Recorder.Record(new ApprovalExpired(), call.CallId);
            request = Recorder.Approvals.Find(call.CallId) ?? request;
        }

        if (Recorder.Approvals.DecisionOf(call.CallId) is { } decision)
        {
            Follow(call, request, decision);
            return;
        }

        var over = new RunMessage.DecisionTimeUp(call.CallId);
        _openApprovals[call.CallId] = new OpenApproval(
            call, request, _time.CreateTimer(_ => Post(over), null, left, Timeout.InfiniteTimeSpan));
    }

    /// <summary>The run waits from the first question of a round on, also while other calls of the round are still under way.</summary>
    private void BeginToWait()
    {
        if (!WaitsForPeople)
        {
            return;
        }

        _limit?.Pause();
        Recorder.Record(new RunWaiting(ApprovalSentences.Waiting([.. _openApprovals.Values.Select(one => one.Call.Name)])));
    }

    /// <summary>Takes a decision that was sent to the run. True when it counts: then the round goes on.</summary>
    private async Task<bool> DecideAsync(RunMessage.Decided decided)
    {
        var command = decided.Command;
        if (Recorder.Approvals.DecisionOf(command.CallId) is { } earlier)
        {
            decided.Answer.TrySetResult(new DecisionOutcome.AlreadyDecided(earlier));
            return false;
        }

        if (!_openApprovals.TryGetValue(command.CallId, out var undecided))
        {
            decided.Answer.TrySetResult(Recorder.Approvals.Find(command.CallId) is null
                ? new DecisionOutcome.NotFound()
                : new DecisionOutcome.NotWaiting());
            return false;
        }

        var edited = (command as RunCommand.Approve)?.EditedArguments is { } text && !SameJson(text, undecided.Call.Arguments) ? text : null;
        if (edited is not null && ErrorsOf(undecided.Call, edited) is { Count: > 0 } errors)
        {
            decided.Answer.TrySetResult(new DecisionOutcome.InvalidArguments(errors));
            return false;
        }

        Recorder.RecordBy(
            command.Actor,
            command is RunCommand.Approve ? new ApprovalApproved(edited) : new ApprovalDenied((command as RunCommand.Deny)?.Reason),
            command.CallId);
        await Recorder.Committed.ConfigureAwait(false);
        decided.Answer.TrySetResult(new DecisionOutcome.Accepted());
        return true;
    }

    /// <summary>Goes by a decision that was just recorded. True when a person made it: then the round was no failure of the tools.</summary>
    private bool TakeDecision(string callId)
    {
        if (!_openApprovals.Remove(callId, out var undecided) || Recorder.Approvals.DecisionOf(callId) is not { } decision)
        {
            return false;
        }

        undecided.Timer.Dispose();
        Follow(undecided.Call, undecided.Request, decision);
        if (!WaitsForPeople)
        {
            Recorder.Record(new RunResumed(ApprovalSentences.Resumed));
            _limit?.Go();
        }

        return decision.Answer is not ApprovalAnswer.Expired;
    }

    private void Expire(string callId)
    {
        if (_openApprovals.ContainsKey(callId))
        {
            Recorder.Record(new ApprovalExpired(), callId);
            TakeDecision(callId);
        }
    }

    /// <summary>An MCP server's call is carried out by the upstream: its answer is an input item, which the fold makes of the event.</summary>
    private void Follow(PendingCall call, ApprovalRequest request, ApprovalDecision decision)
    {
        if (call.IsMcp)
        {
            return;
        }

        if (decision.Answer is ApprovalAnswer.Approved)
        {
            _tools.Add(decision.Arguments is { } edited ? call with { Arguments = edited } : call);
        }
        else
        {
            Recorder.Record(new ToolDenied(call.Name, ApprovalSentences.NotRun(decision, request.Timeout), TimeSpan.Zero), call.CallId);
        }
    }

    /// <summary>What the model reads of a call: with what it was carried out, where that is not what the model had asked for.</summary>
    private string WithEditNote(string callId, string output) =>
        Recorder.Approvals.Find(callId)?.Decision is { Arguments: { } edited } ? ApprovalSentences.Edited(edited, output) : output;

    private void DiscardPendingApprovals()
    {
        foreach (var undecided in _openApprovals.Values)
        {
            undecided.Timer.Dispose();
        }

        _openApprovals.Clear();
    }

    private IReadOnlyList<string> ErrorsOf(PendingCall call, string edited) => call.IsMcp
        ? ["The arguments of an MCP server's call cannot be changed. Approve it as it is, or deny it and say what should be different."]
        : _tools.Approvals.ErrorsOf(call.Name, edited);

    private static bool SameJson(string edited, string original)
    {
        if (edited == original)
        {
            // Free text need not be JSON.
            return true;
        }

        try
        {
            using var one = JsonDocument.Parse(edited);
            using var other = JsonDocument.Parse(string.IsNullOrWhiteSpace(original) ? "{}" : original);
            return JsonElement.DeepEquals(one.RootElement, other.RootElement);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private sealed record OpenApproval(PendingCall Call, ApprovalRequest Request, ITimer Timer);
}
