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
/// Decides a call that waits, and calls like it from now on. Which tool it is comes from the run, not from the page; who may decide the
/// call may also decide the next ones.
/// </summary>
internal sealed partial class RememberApproval(
    DecideApproval decide, IRunEventStore store, ToolApprovals approvals, ApprovalGrants grants, ILogger<RememberApproval> logger)
{
    /// <summary>Decides the call as it is, and remembers that.</summary>
    /// <param name="by">Who decides.</param>
    /// <param name="run">The run.</param>
    /// <param name="choice">What they chose, with where and how long it counts.</param>
    /// <param name="cancellationToken">Stops the waiting; what was handed over still counts.</param>
    public async Task<CommandResult> DecideAsync(ChangedBy by, RunSummary run, ApprovalChoice choice, CancellationToken cancellationToken)
    {
        if (by.UserId is not { } userId || choice.Remember is not { } request || !GrantRequest.Lifetimes.Contains(request.Lifetime))
        {
            return CommandResult.Refused(RefusalCode.Denied, RunCommandText.DecideDenied);
        }

        GrantedCall? call;
        try
        {
            call = await CallAsync(run, choice, cancellationToken);
        }
        catch (Exception exception) when (StorageFailure.Is(exception))
        {
            LogNotRemembered(exception, run.RunId, choice.CallId);
            return CommandResult.Refused(RefusalCode.StorageUnavailable, RunCommandText.DecisionNotSaved);
        }

        if (call is null)
        {
            return CommandResult.Refused(RefusalCode.Conflict, RunCommandText.ApprovalClosed);
        }

        if (choice.Approve && call.ServerLabel is null && !approvals.MayBeRemembered(call.Tool))
        {
            return CommandResult.Refused(RefusalCode.Conflict, RunCommandText.AlwaysAsked);
        }

        var decided = await decide.DecideAsync(userId, run, choice with { EditedArguments = null }, cancellationToken);
        if (!decided.Accepted)
        {
            return decided;
        }

        try
        {
            await grants.AddAsync(by, call, request, denies: !choice.Approve, cancellationToken);
            return decided;
        }
        catch (Exception exception) when (StorageFailure.Is(exception) || exception is OperationCanceledException)
        {
            LogNotRemembered(exception, run.RunId, choice.CallId);
            return CommandResult.Refused(
                RefusalCode.StorageUnavailable, choice.Approve ? RunCommandText.ApprovedNotRemembered : RunCommandText.DeniedNotRemembered);
        }
    }

    private async Task<GrantedCall?> CallAsync(RunSummary run, ApprovalChoice choice, CancellationToken cancellationToken) =>
        await store.FindAsync(run.RunId, cancellationToken) is { } now
        && now.PendingApprovals.FirstOrDefault(one => one.CallId == choice.CallId) is { Name.Length: > 0 } asked
        && (!choice.Approve || asked is { NeedsOther: false, Rule: null })
        && (await store.ReadAsync(run.RunId, 0, 1, cancellationToken)) is [{ Payload: RunCreated { Agent.Id: { } agent } }]
            ? new GrantedCall(new RunOwner(now.UserId, now.TeamId), now.SessionId, agent, asked.Name, asked.ServerLabel)
            : null;

    [LoggerMessage(LogLevel.Warning, "The approval of call {CallId} of run {RunId} could not be remembered")]
    private partial void LogNotRemembered(Exception exception, string runId, string callId);
}
