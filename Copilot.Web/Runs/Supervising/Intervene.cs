using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Runs.Summaries.Supervision;
using Copilot.Web.Identity;
using Copilot.Web.Storage;

namespace Copilot.Web.Runs.Supervising;

/// <summary>
/// Does something about a run in a person's name: the one way of pages, keys and the API. <see cref="IRunAccess"/> is asked at every call;
/// who may not see the run is told that there is none.
/// </summary>
internal sealed partial class Intervene(
    IRuns runs, StartRun start, IRunEventStore store, IRunAccess access, PersonStore people, ILogger<Intervene> logger)
{
    /// <summary>Does it.</summary>
    /// <param name="userId">Who asks.</param>
    /// <param name="runId">The run.</param>
    /// <param name="request">What they want.</param>
    /// <param name="cancellationToken">Stops the waiting; a command that was handed over still counts.</param>
    public async Task<CommandResult> DoAsync(string userId, string runId, InterventionRequest request, CancellationToken cancellationToken)
    {
        try
        {
            if (await store.FindAsync(runId, cancellationToken) is not { } run)
            {
                return CommandResult.Refused(RefusalCode.NotFound, RunCommandText.RunGone);
            }

            var owner = new RunOwner(run.UserId, run.TeamId);
            if (await access.TryAcquireAsync(userId, owner, RunAction.View, cancellationToken) is null)
            {
                return CommandResult.Refused(RefusalCode.NotFound, RunCommandText.RunGone);
            }

            if (await access.TryAcquireAsync(userId, owner, RunAction.Control, cancellationToken) is not { } lease)
            {
                return CommandResult.Refused(RefusalCode.Forbidden, RunCommandText.ControlDenied);
            }

            return ProblemWith(request, run, userId)
                ?? (request.Verb is RunVerb.Retry && run.Status is (RunStatus.Failed or RunStatus.Cancelled)
                    ? await ContinueAsync(owner with { UserId = userId }, run, request, cancellationToken)
                    : await SendAsync(lease.Actor, run, request, cancellationToken));
        }
        catch (ArgumentException exception)
        {
            // The one exception whose text is meant for the sender (IRuns.AskAsync).
            return CommandResult.Invalid(exception, "data.text");
        }
        catch (Exception exception) when (StorageFailure.Is(exception))
        {
            LogRefused(exception, runId);
            return CommandResult.Refused(RefusalCode.StorageUnavailable, RunCommandText.CommandNotSaved);
        }
    }

    private static CommandResult? ProblemWith(InterventionRequest request, RunSummary run, string userId)
    {
        var isOwner = run.UserId == userId;
        if (isOwner && request.Verb is (RunVerb.TakeOver or RunVerb.Write or RunVerb.HandBack))
        {
            return CommandResult.Refused(RefusalCode.Forbidden, InterveneText.OwnRun);
        }

        // The conversation of somebody who has taken over is one intervention, which has its reason.
        if (request.Verb is not RunVerb.Write && RunReason.ProblemOf(userId, run, request.Reason) is { } problem)
        {
            return problem;
        }

        if (request.Verb is (RunVerb.Say or RunVerb.Write) && string.IsNullOrWhiteSpace(request.Text))
        {
            return CommandResult.Refused(RefusalCode.Invalid, RunCommandText.NothingWritten, "data.text");
        }

        if (request.Verb is RunVerb.CancelCall && string.IsNullOrWhiteSpace(request.CallId))
        {
            return CommandResult.Refused(RefusalCode.Invalid, InterveneText.CallMissing, "data.call_id");
        }

        return request.Verb is (RunVerb.Approve or RunVerb.Deny) && request.CallId is null && run.PendingApprovals.Count != 1
            ? CommandResult.Refused(
                run.PendingApprovals.Count == 0 ? RefusalCode.Conflict : RefusalCode.Invalid,
                run.PendingApprovals.Count == 0 ? InterveneText.NothingWaits : InterveneText.CallMissing,
                "data.call_id")
            : null;
    }

    private async Task<CommandResult> SendAsync(
        EventActor actor, RunSummary run, InterventionRequest request, CancellationToken cancellationToken)
    {
        var outcome = await runs.AskAsync(run.RunId, CommandOf(actor, run, request), cancellationToken);
        if (outcome is CommandOutcome.Accepted && request.Verb is RunVerb.Resume && run is { Status: RunStatus.Interrupted, Pause: not null })
        {
            // It was paused when the server stopped: who resumes it wants it to work.
            outcome = await runs.AskAsync(
                run.RunId, new RunCommand.Continue(actor, RunReason.Words(request.Reason)) { CommandId = request.Id }, cancellationToken);
        }

        return await ResultOfAsync(outcome, actor.Id, cancellationToken);
    }

    /// <summary>A run that has ended for good cannot go on: a new one continues after what it had completed.</summary>
    private Task<CommandResult> ContinueAsync(
        RunOwner caller, RunSummary run, InterventionRequest request, CancellationToken cancellationToken) => start.StartAsync(
        new StartRunRequest
        {
            Caller = caller,
            SessionId = run.SessionId,
            Input = InterveneText.ContinueFromStep(RunReason.Words(request.Reason)),
            MessageId = request.Id,
            Parent = new RunParent.Step(run.RunId),
            Right = RunAction.Control,
        },
        cancellationToken,
        cancellationToken);

    private static RunCommand CommandOf(EventActor actor, RunSummary run, InterventionRequest request)
    {
        var reason = RunReason.Words(request.Reason);
        var callId = request.CallId ?? (run.PendingApprovals.Count > 0 ? run.PendingApprovals[0].CallId : "");
        RunCommand command = request.Verb switch
        {
            RunVerb.Stop => new RunCommand.Stop(actor, reason),
            RunVerb.Pause => new RunCommand.Pause(actor, reason),
            RunVerb.Resume or RunVerb.Retry when run.Status is RunStatus.Interrupted => new RunCommand.Resume(actor, request.RepeatUnknownTools) { Reason = reason },
            RunVerb.Resume => new RunCommand.Continue(actor, reason),
            RunVerb.Say => new RunCommand.Steer(actor, request.Id, request.Text!) { Reason = reason },
            RunVerb.Approve => new RunCommand.Approve(actor, callId, request.EditedArguments) { Reason = reason },
            RunVerb.Deny => new RunCommand.Deny(actor, callId, reason),
            RunVerb.TakeOver => new RunCommand.TakeOver(actor, reason),
            RunVerb.Write => new RunCommand.Write(actor, reason, request.Text!),
            RunVerb.HandBack => new RunCommand.HandBack(actor, reason),
            RunVerb.CancelCall => new RunCommand.CancelCall(actor, reason, callId),
            RunVerb.Retry => new RunCommand.RetryStep(actor, reason),
            _ => throw new ArgumentOutOfRangeException(nameof(request), request.Verb, "No such verb."),
        };
        return command with { CommandId = request.Id, ExpectedSeq = request.ExpectedSeq };
    }

    private async Task<CommandResult> ResultOfAsync(CommandOutcome outcome, string userId, CancellationToken cancellationToken)
    {
        switch (outcome)
        {
            case CommandOutcome.Accepted:
                return CommandResult.Done;
            case CommandOutcome.Superseded { First: var standing }:
                var first = await DescribeAsync(standing.Actor, VerbOf(standing.Type), standing.At, standing.Reason, cancellationToken);
                return CommandResult.Superseded(
                    standing.Actor?.Id == userId ? InterveneText.YouFirst(first.Verb) : InterveneText.First(first.Name, first.Verb), first);
            case CommandOutcome.NotTheirs { Standing: var other }:
                var holder = await DescribeAsync(other.Actor, VerbOf(other.Type), other.At, other.Reason, cancellationToken);
                return CommandResult.Refused(RefusalCode.Forbidden, InterveneText.NotYours(holder.Name, holder.Verb)) with { First = holder };
            case CommandOutcome.AlreadyDecided { Decision: { } decision }:
                var verb = (decision.Answer is ApprovalAnswer.Approved ? RunVerb.Approve : RunVerb.Deny).ToWire();
                var decider = await DescribeAsync(decision.Actor, verb, decision.At, decision.Reason, cancellationToken);
                return CommandResult.AlreadyDecided(
                    decision.Answer is ApprovalAnswer.Expired ? RunCommandText.ApprovalExpired
                        : decision.Actor is null ? RunCommandText.ApprovalRunStopped
                        : decision.Actor.Id == userId ? InterveneText.YouFirst(verb)
                        : InterveneText.First(decider.Name, verb),
                    decision) with { First = decider };
            case CommandOutcome.OtherMustApprove:
                return CommandResult.Refused(RefusalCode.NeedsOther, RunCommandText.OtherMustApprove);
            case CommandOutcome.InvalidArguments { Errors: var errors }:
                return CommandResult.Invalid([.. errors.Select(error => new FieldProblem(error.Argument, error.Message))]);
            case CommandOutcome.TooMany tooMany:
                return CommandResult.TooMany(tooMany.Message, tooMany.RetryAfter, tooMany.Code);
            case CommandOutcome.NotFound:
                return CommandResult.Refused(RefusalCode.Invalid, RunCommandText.ApprovalGone, "data.call_id");
            default:
                return CommandResult.Refused(RefusalCode.Conflict, RunCommandText.RunMovedOn);
        }
    }

    private async Task<FirstActor> DescribeAsync(
        EventActor? actor, string verb, DateTimeOffset at, string? reason, CancellationToken cancellationToken) => actor is null
        ? new FirstActor(Id: null, InterveneText.System, Role: null, verb, at, reason)
        : new FirstActor(
            actor.Id,
            (await people.FindAsync(actor.Id, cancellationToken))?.DisplayName ?? RunCommandText.SomebodyWith(actor.Role),
            actor.Role,
            verb,
            at,
            reason);

    private static string VerbOf(string type) => type switch
    {
        RunEventTypes.RunCancelled => RunVerb.Stop.ToWire(),
        RunEventTypes.SupervisorPaused => RunVerb.Pause.ToWire(),
        RunEventTypes.SupervisorResumed => RunVerb.Resume.ToWire(),
        RunEventTypes.SupervisorTookOver => RunVerb.TakeOver.ToWire(),
        RunEventTypes.SupervisorWrote => RunVerb.Write.ToWire(),
        RunEventTypes.SupervisorHandedBack => RunVerb.HandBack.ToWire(),
        RunEventTypes.SupervisorCancelledCall => RunVerb.CancelCall.ToWire(),
        RunEventTypes.SupervisorRetried => RunVerb.Retry.ToWire(),
        _ => type,
    };

    [LoggerMessage(LogLevel.Warning, "A command to run {RunId} was refused: storage is unavailable")]
    private partial void LogRefused(Exception exception, string runId);
}
