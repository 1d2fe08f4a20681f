using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Identity;
using Copilot.Web.Storage;

namespace Copilot.Web.Sessions;

/// <summary>What a person wants to do about a call that waits for them.</summary>
/// <param name="CallId">The call.</param>
/// <param name="Approve">Whether it may be carried out.</param>
/// <param name="EditedArguments">JSON in place of the model's arguments; null leaves them.</param>
/// <param name="Reason">Why not, for the model; or null.</param>
public sealed record ApprovalChoice(string CallId, bool Approve, string? EditedArguments, string? Reason);

/// <summary>How a decision was taken.</summary>
/// <param name="IsOpen">True while the call still waits for a decision.</param>
/// <param name="Problems">Why the decision does not count, one sentence each; empty when it does.</param>
public sealed record DecisionResult(bool IsOpen, IReadOnlyList<string> Problems)
{
    /// <summary>The decision counts.</summary>
    public static DecisionResult Done { get; } = new(false, []);
}

/// <summary>Decides about calls that wait for a person. Every decision asks <see cref="IRunAccess"/> again.</summary>
internal sealed partial class ApprovalCommands(
    IRuns runs, IRunAccess access, PersonStore people, TimeProvider time, ILogger<ApprovalCommands> logger)
{
    /// <summary>Longest reason, in UTF-16 units.</summary>
    public const int MaxReasonLength = 500;

    /// <summary>Decides; whoever may control the run may do so.</summary>
    /// <param name="user">Who decides.</param>
    /// <param name="run">The run.</param>
    /// <param name="choice">What they chose.</param>
    /// <param name="cancellationToken">Stops the waiting; a decision that was handed over still counts.</param>
    public async Task<DecisionResult> DecideAsync(UserInfo user, RunSummary run, ApprovalChoice choice, CancellationToken cancellationToken)
    {
        if (choice.Reason?.Length > MaxReasonLength)
        {
            return Refused(SessionText.ReasonTooLong(choice.Reason.Length, MaxReasonLength), isOpen: true);
        }

        using var patience = new CancellationTokenSource(ChatCommands.Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await DecideOnceAsync(user, run, choice, either.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // It may still be kept; then the next try is told that it was.
            return Refused(SessionText.DecisionSlow, isOpen: true);
        }
        catch (Exception exception) when (StorageFailure.Is(exception))
        {
            LogNotDecided(exception, run.RunId, choice.CallId);
            return Refused(SessionText.DecisionNotSaved, isOpen: true);
        }
    }

    private static DecisionResult Refused(string problem, bool isOpen) => new(isOpen, [problem]);

    private async Task<DecisionResult> DecideOnceAsync(
        UserInfo user, RunSummary run, ApprovalChoice choice, CancellationToken cancellationToken)
    {
        var owner = new RunOwner(run.UserId, run.TeamId);
        if (await access.TryAcquireAsync(user.Id, owner, RunAction.Control, cancellationToken) is not { } lease)
        {
            return Refused(SessionText.DecideDenied, isOpen: true);
        }

        RunCommand.Decision decision = choice.Approve
            ? new RunCommand.Approve(lease.Actor, choice.CallId, choice.EditedArguments)
            : new RunCommand.Deny(lease.Actor, choice.CallId, string.IsNullOrWhiteSpace(choice.Reason) ? null : choice.Reason.Trim());
        return await runs.DecideAsync(run.RunId, decision, cancellationToken) switch
        {
            DecisionOutcome.Accepted => DecisionResult.Done,
            DecisionOutcome.InvalidArguments invalid => new DecisionResult(true, invalid.Errors),
            DecisionOutcome.AlreadyDecided already => Refused(await WordsAsync(already.Decision, user, cancellationToken), isOpen: false),
            DecisionOutcome.NotFound => Refused(SessionText.ApprovalGone, isOpen: false),
            _ => Refused(SessionText.ApprovalClosed, isOpen: true),
        };
    }

    private async Task<string> WordsAsync(ApprovalDecision decision, UserInfo user, CancellationToken cancellationToken)
    {
        if (decision.Actor is not { } actor)
        {
            return decision.Answer is ApprovalAnswer.Expired
                ? SessionText.ApprovalExpired
                : SessionText.ApprovalRunStopped;
        }

        var who = actor.Id == user.Id ? SessionText.You
            : (await people.FindAsync(actor.Id, cancellationToken))?.DisplayName ?? SessionText.SomebodyWith(actor.Role);
        return SessionText.AlreadyDecided(
            who, SessionText.Answer(approved: decision.Answer is ApprovalAnswer.Approved, edited: decision.Arguments is not null));
    }

    [LoggerMessage(LogLevel.Warning, "A decision about call {CallId} of run {RunId} could not be saved: storage is unavailable")]
    private partial void LogNotDecided(Exception exception, string runId, string callId);
}
