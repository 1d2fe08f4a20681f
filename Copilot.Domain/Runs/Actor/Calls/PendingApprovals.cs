using System.Text.Json;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Grants;
using Copilot.Domain.Runs.Input;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Tools;
using Microsoft.Extensions.Logging;

namespace Copilot.Domain.Runs.Actor.Calls;

/// <summary>
/// Calls that wait for a person. The question, the decision and what follows from it are in the log before they count, so a
/// restart asks nobody twice: the time that is left comes from the question's own event.
/// </summary>
internal sealed partial class PendingApprovals(
    RunRecorder recorder,
    RunTools tools,
    IRunMailbox mailbox,
    RunHold hold,
    RunCreation creation,
    IApprovalGrants grants,
    TimeProvider time,
    ILogger logger)
{
    /// <summary>How long a standing permission is looked for before the person is asked.</summary>
    private static readonly TimeSpan s_grantTimeout = TimeSpan.FromSeconds(5);

    private const string RuledOut = "This was ruled out beforehand and counts for every such call. Do without it, or say what is missing.";

    private readonly Dictionary<string, OpenApproval> _open = [];

    /// <summary>True while a call waits for a person.</summary>
    public bool Any => _open.Count > 0;

    /// <summary>Asks about a call, waits on after a restart, or does what was decided, also where that was before the call was made.</summary>
    public async Task RequestAsync(PendingCall call)
    {
        if (recorder.Approvals.Find(call.CallId) is not { } request)
        {
            if (!call.IsMcp && tools.Approvals.ErrorsOf(call.Name, call.Arguments) is { Count: > 0 } errors)
            {
                // Nobody is asked about a call that cannot be carried out.
                recorder.Record(new ToolFailed(call.Name, ToolArgumentError.Join(errors), TimeSpan.Zero), call.CallId);
                return;
            }

            var timeout = call.IsMcp ? tools.Approvals.DefaultTimeout : tools.Approvals.TimeoutOf(call.Name);
            var grant = await FindGrantAsync(call).ConfigureAwait(false);
            recorder.RecordTogether(() => Record(call, timeout, grant));
            request = recorder.Approvals.Find(call.CallId)!;
        }

        var left = request.RequestedAt + request.Timeout - RunTime.Now(time);
        if (request.Decision is null && left <= TimeSpan.Zero)
        {
            // The time ran out while nobody owned the run.
            recorder.Record(new ApprovalExpired(), call.CallId);
            request = recorder.Approvals.Find(call.CallId) ?? request;
        }

        if (recorder.Approvals.DecisionOf(call.CallId) is { } decision)
        {
            Follow(call, request, decision);
            return;
        }

        var over = new RunMessage.DecisionTimeUp(call.CallId);
        _open[call.CallId] = new OpenApproval(
            call, request, time.CreateTimer(_ => mailbox.Post(over), null, left, Timeout.InfiniteTimeSpan));
    }

    /// <summary>The run waits from the first question of a round on, also while other calls of the round are still under way.</summary>
    public void BeginToWait()
    {
        if (!Any)
        {
            return;
        }

        hold.Begin(HoldReason.Approval, ApprovalSentences.Waiting([.. _open.Values.Select(one => one.Call.Name)]));
    }

    /// <summary>
    /// Takes a decision: commits it, answers the person, and goes by it. One that does not count is answered and changes nothing.
    /// </summary>
    /// <returns>True when it counts.</returns>
    public async Task<bool> DecideAsync(RunMessage.Asked asked, RunCommand.Decision command)
    {
        if (recorder.Approvals.DecisionOf(command.CallId) is { } earlier)
        {
            asked.Reply(new CommandOutcome.AlreadyDecided(earlier));
            return false;
        }

        if (!_open.TryGetValue(command.CallId, out var undecided))
        {
            asked.Reply(recorder.Approvals.Find(command.CallId) is null
                ? new CommandOutcome.NotFound()
                : new CommandOutcome.NotPossible());
            return false;
        }

        if (command is RunCommand.Approve && undecided.Request.NeedsOther && recorder.Approvals.HasAsked(command.Actor.Id))
        {
            asked.Reply(new CommandOutcome.OtherMustApprove());
            return false;
        }

        var edited = (command as RunCommand.Approve)?.EditedArguments is { } text && !SameJson(text, undecided.Call.Arguments) ? text : null;
        if (edited is not null && ErrorsOf(undecided.Call, edited) is { Count: > 0 } errors)
        {
            asked.Reply(new CommandOutcome.InvalidArguments(errors));
            return false;
        }

        recorder.RecordBy(
            command.Actor,
            command is RunCommand.Approve approve
                ? new ApprovalApproved(edited) { Reason = approve.Reason, CommandId = approve.CommandId }
                : new ApprovalDenied((command as RunCommand.Deny)?.Reason) { CommandId = command.CommandId },
            command.CallId);
        await recorder.CommitAsync().ConfigureAwait(false);
        asked.Reply(new CommandOutcome.Accepted());
        return Follow(command.CallId);
    }

    /// <summary>Goes by a decision that was just recorded. True when a person made it: then the round was no failure of the tools.</summary>
    private bool Follow(string callId)
    {
        if (!_open.Remove(callId, out var undecided) || recorder.Approvals.DecisionOf(callId) is not { } decision)
        {
            return false;
        }

        undecided.Timer.Dispose();
        Follow(undecided.Call, undecided.Request, decision);
        if (!Any)
        {
            hold.End(HoldReason.Approval, ApprovalSentences.Resumed);
        }

        return decision.Answer is not ApprovalAnswer.Expired;
    }

    /// <summary>A person has cancelled a call: nobody is asked about it any more. False for one that does not wait.</summary>
    public bool Withdraw(EventActor actor, string callId, string? reason)
    {
        if (!_open.Remove(callId, out var undecided))
        {
            return false;
        }

        undecided.Timer.Dispose();
        recorder.RecordBy(actor, new ApprovalDenied(reason), callId);
        if (!Any)
        {
            hold.End(HoldReason.Approval, ApprovalSentences.Resumed);
        }

        return true;
    }

    /// <summary>Nobody has decided in time.</summary>
    public void Expire(string callId)
    {
        if (_open.ContainsKey(callId))
        {
            recorder.Record(new ApprovalExpired(), callId);
            Follow(callId);
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
            tools.Add(decision.Arguments is { } edited ? call with { Arguments = edited } : call);
        }
        else
        {
            recorder.Record(new ToolDenied(call.Name, ApprovalSentences.NotRun(decision, request.Timeout), TimeSpan.Zero), call.CallId);
        }
    }

    /// <summary>What the model reads of a call: with what it was carried out, where that is not what the model had asked for.</summary>
    public string WithEditNote(string callId, string output) =>
        recorder.Approvals.Find(callId)?.Decision is { Arguments: { } edited } ? ApprovalSentences.Edited(edited, output) : output;

    /// <summary>Waits for nobody any more.</summary>
    public void Discard()
    {
        foreach (var undecided in _open.Values)
        {
            undecided.Timer.Dispose();
        }

        _open.Clear();
    }

    /// <summary>The question, and its answer where a standing permission gives it: after a crash both are there, or neither.</summary>
    private void Record(PendingCall call, TimeSpan timeout, ApprovalGrant? grant)
    {
        recorder.Record(
            new ApprovalRequested(call.IsMcp ? ApprovalKind.Mcp : ApprovalKind.Tool, call.Name, call.Arguments, call.ServerLabel, timeout)
            {
                OtherApprover = NeedsOther(call) ? true : null,
                Rule = recorder.Rules.ApprovalOf(call.CallId) is { } rule ? RuleSentences.Reason(rule) : null,
            },
            call.CallId);

        if (grant is { Denies: true })
        {
            recorder.RecordBy(
                grant.GrantedBy,
                new ApprovalDenied(RuledOut) { GrantId = grant.Id, GrantExpiresMicros = RunTime.ToMicroseconds(grant.ExpiresAt) },
                call.CallId);
            return;
        }

        // A rule may have fired at the question itself.
        if (grant is not null && recorder.Rules.ApprovalOf(call.CallId) is null)
        {
            recorder.RecordBy(
                grant.GrantedBy,
                new ApprovalApproved(Arguments: null) { GrantId = grant.Id, GrantExpiresMicros = RunTime.ToMicroseconds(grant.ExpiresAt) },
                call.CallId);
        }
    }

    private bool NeedsOther(PendingCall call) =>
        call.IsMcp ? tools.Hosted.NeedsOther(call.ServerLabel, call.Name) : tools.Approvals.NeedsOther(call.Name);

    private async Task<ApprovalGrant?> FindGrantAsync(PendingCall call)
    {
        using var limited = new CancellationTokenSource(s_grantTimeout, time);
        try
        {
            var grant = await recorder.Meanwhile(grants.FindAsync(
                new GrantedCall(creation.Owner, creation.SessionId, creation.Agent.Id, call.Name, call.ServerLabel), limited.Token)).ConfigureAwait(false);

            // What may be allowed only one by one may be ruled out all the same.
            return grant is { Denies: false } && MustBeAsked(call) ? null : grant;
        }
        catch (Exception exception)
        {
            // Nothing is allowed because something is broken: a person decides.
            LogNotFound(exception, recorder.Summary.RunId, call.CallId);
            return null;
        }
    }

    private bool MustBeAsked(PendingCall call) =>
        recorder.Rules.ApprovalOf(call.CallId) is not null || NeedsOther(call) || (!call.IsMcp && !tools.Approvals.MayBeRemembered(call.Name));

    private IReadOnlyList<ToolArgumentError> ErrorsOf(PendingCall call, string edited) => call.IsMcp
        ? [new ToolArgumentError(null, "The arguments of an MCP server's call cannot be changed. Approve it as it is, or deny it and say what should be different.")]
        : tools.Approvals.ErrorsOf(call.Name, edited);

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

    [LoggerMessage(LogLevel.Warning, "Standing permissions for call {CallId} of run {RunId} could not be read")]
    private partial void LogNotFound(Exception exception, string runId, string callId);

    private sealed record OpenApproval(PendingCall Call, ApprovalRequest Request, ITimer Timer);
}
