using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Grants;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Tools;
using Copilot.Web.Identity.Administration;
using Copilot.Web.Storage;

namespace Copilot.Web.Runs.Grants;

/// <summary>
/// Approves a call that waits, and allows calls like it from now on. Which tool it is comes from the run, not from the page; who may
/// approve the call may also allow the next ones.
/// </summary>
internal sealed partial class RememberApproval(
    DecideApproval decide, IRunEventStore store, ToolApprovals approvals, ApprovalGrants grants, ILogger<RememberApproval> logger)
{
    /// <summary>Approves and remembers.</summary>
    /// <param name="by">Who approves.</param>
    /// <param name="run">The run.</param>
    /// <param name="callId">The call.</param>
    /// <param name="request">Where, and how long, such calls are allowed.</param>
    /// <param name="reason">Why; only the run's owner may leave it out.</param>
    /// <param name="cancellationToken">Stops the waiting; what was handed over still counts.</param>
    public async Task<CommandResult> ApproveAsync(
        ChangedBy by, RunSummary run, string callId, GrantRequest request, string? reason, CancellationToken cancellationToken)
    {
        if (by.UserId is not { } userId || !GrantRequest.Lifetimes.Contains(request.Lifetime))
        {
            return CommandResult.Refused(RefusalCode.Denied, RunCommandText.DecideDenied);
        }

        GrantedCall? call;
        try
        {
            call = await CallAsync(run, callId, cancellationToken);
        }
        catch (Exception exception) when (StorageFailure.Is(exception))
        {
            LogNotRemembered(exception, run.RunId, callId);
            return CommandResult.Refused(RefusalCode.StorageUnavailable, RunCommandText.DecisionNotSaved);
        }

        if (call is null)
        {
            return CommandResult.Refused(RefusalCode.Conflict, RunCommandText.ApprovalClosed);
        }

        if (call.ServerLabel is null && !approvals.MayBeRemembered(call.Tool))
        {
            return CommandResult.Refused(RefusalCode.Conflict, RunCommandText.AlwaysAsked);
        }

        var decided = await decide.DecideAsync(userId, run, new ApprovalChoice(callId, Approve: true, null, reason), cancellationToken);
        if (!decided.Accepted)
        {
            return decided;
        }

        try
        {
            await grants.AddAsync(by, call, request, cancellationToken);
            return decided;
        }
        catch (Exception exception) when (StorageFailure.Is(exception) || exception is OperationCanceledException)
        {
            LogNotRemembered(exception, run.RunId, callId);
            return CommandResult.Refused(RefusalCode.StorageUnavailable, RunCommandText.ApprovedNotRemembered);
        }
    }

    private async Task<GrantedCall?> CallAsync(RunSummary run, string callId, CancellationToken cancellationToken) =>
        await store.FindAsync(run.RunId, cancellationToken) is { } now
        && now.PendingApprovals.FirstOrDefault(one => one.CallId == callId) is { NeedsOther: false, Rule: null, Name.Length: > 0 } asked
        && (await store.ReadAsync(run.RunId, 0, 1, cancellationToken)) is [{ Payload: RunCreated { Agent.Id: { } agent } }]
            ? new GrantedCall(new RunOwner(now.UserId, now.TeamId), now.SessionId, agent, asked.Name, asked.ServerLabel)
            : null;

    [LoggerMessage(LogLevel.Warning, "The approval of call {CallId} of run {RunId} could not be remembered")]
    private partial void LogNotRemembered(Exception exception, string runId, string callId);
}
