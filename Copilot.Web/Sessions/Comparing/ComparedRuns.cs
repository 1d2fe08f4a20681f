using Copilot.Domain.Audit;
using Copilot.Domain.Replay.Clock;
using Copilot.Domain.Replay.Compare;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline;
using Copilot.Domain.Timeline.Queries;
using Copilot.Domain.Timeline.State;
using Copilot.Web.Identity;
using Copilot.Web.Sessions.RunScreen;
using Copilot.Web.Sessions.Supervising;
using Copilot.Web.Storage;

namespace Copilot.Web.Sessions.Comparing;

/// <summary>
/// Reads two runs, or two moments of one, to be put side by side. Both must be visible to the person; of others', the access log says so
/// before anything is shown.
/// </summary>
internal sealed partial class ComparedRuns(
    IRunEventStore store, IRunAccess access, RunFamily family, PersonNames names, PageAudit audit, ILogger<ComparedRuns> logger)
{
    private const int Page = 1000;

    /// <summary>Reads and compares them. Of a run that works, what it has done so far.</summary>
    /// <param name="user">Who compares.</param>
    /// <param name="a">The first run, from the address; anything.</param>
    /// <param name="atA">Its moment; null for its newest.</param>
    /// <param name="b">The second run, from the address; anything.</param>
    /// <param name="atB">Its moment; null for its newest.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public async Task<ComparedPair> ReadAsync(UserInfo user, string a, long? atA, string b, long? atB, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadBothAsync(user, a, atA, b, atB, cancellationToken);
        }
        catch (AccessNotRecordedException exception)
        {
            LogFailed(exception, a, b);
            return new ComparedPair(ComparePhase.NotRecorded);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(exception, a, b);
            return new ComparedPair(ComparePhase.Failed);
        }
    }

    /// <summary>
    /// The runs that a run is offered to be compared with, as far as this person may see them: what it was forked from, its forks, and those
    /// of its conversation, newest first. None where the access log cannot be written or they cannot be read now.
    /// </summary>
    public async Task<IReadOnlyList<RunSummary>> ReadOfferedAsync(UserInfo user, RunSummary run, CancellationToken cancellationToken)
    {
        try
        {
            await audit.RecordAsync(user, AccessActions.SessionRead, run.SessionId, run.UserId, "runs to compare with", cancellationToken);
            return await FindOfferedAsync(user, run, cancellationToken);
        }
        catch (Exception exception) when (exception is AccessNotRecordedException || StorageFailure.Is(exception))
        {
            // Any other run can be named by its link.
            LogNotOffered(exception, run.RunId);
            return [];
        }
    }

    private async Task<IReadOnlyList<RunSummary>> FindOfferedAsync(UserInfo user, RunSummary run, CancellationToken cancellationToken)
    {
        var offered = new List<RunSummary>();
        if (await family.FindParentAsync(user, run, cancellationToken) is { } parent)
        {
            offered.Add(parent);
        }

        offered.AddRange(await family.ReadForksAsync(user, run, cancellationToken));
        foreach (var one in (await store.ReadSessionAsync(run.SessionId, cancellationToken)).Reverse())
        {
            if (one.RunId != run.RunId && one.ForgottenAt is null
                && await access.TryAcquireAsync(user.Id, new RunOwner(one.UserId, one.TeamId), RunAction.View, cancellationToken) is not null)
            {
                offered.Add(one);
            }
        }

        return offered;
    }

    private async Task<ComparedPair> ReadBothAsync(UserInfo user, string a, long? atA, string b, long? atB, CancellationToken cancellationToken)
    {
        if (await FindAsync(user, a, cancellationToken) is not var (first, leaseOfA) || await FindAsync(user, b, cancellationToken) is not var (second, leaseOfB))
        {
            return new ComparedPair(ComparePhase.NotFound);
        }

        // Before anything of them is shown.
        await RecordAsync(user, first, second, cancellationToken);
        if (first.RunId != second.RunId)
        {
            await RecordAsync(user, second, first, cancellationToken);
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, leaseOfA.Revoked, leaseOfB.Revoked);

        // Long runs take a while, and the circuit has other work.
        if (await Task.Run(() => CompareAsync(first, atA, second, atB, either.Token), either.Token) is not { } comparison)
        {
            return new ComparedPair(ComparePhase.TooLarge);
        }

        return new ComparedPair(ComparePhase.Open)
        {
            A = new ComparedRun(first, await names.FindAsync(first.UserId, cancellationToken), atA),
            B = new ComparedRun(second, await names.FindAsync(second.UserId, cancellationToken), atB),
            Comparison = comparison,
            IsTechnical = leaseOfA.Actor.Role is Roles.Supervisor or Roles.Admin,
            Revoked = CancellationTokenSource.CreateLinkedTokenSource(leaseOfA.Revoked, leaseOfB.Revoked),
        };
    }

    private async Task<RunComparison?> CompareAsync(RunSummary a, long? atA, RunSummary b, long? atB, CancellationToken cancellationToken)
    {
        var read = await FoldAsync(a.RunId, cancellationToken);
        var other = a.RunId == b.RunId ? read : await FoldAsync(b.RunId, cancellationToken);
        return read is var (state, times) && other is var (stateOfB, timesOfB)
            ? RunComparison.Of(Clip(state, atA), times, Clip(stateOfB, atB), timesOfB, cancellationToken).WithTaken(TakenOf(a, b), TakenOf(b, a))
            : null;
    }

    // Up to where the other run, a fork, has taken this one's steps from its log.
    private static long TakenOf(RunSummary run, RunSummary other) => other.ForkedFrom is { } fork && fork.RunId == run.RunId ? fork.Seq : 0;

    private static TimelineState Clip(TimelineState state, long? seq) => seq is { } at ? TimelineClip.At(state, at) : state;

    private async Task<(RunSummary Run, AccessLease Lease)?> FindAsync(UserInfo user, string runId, CancellationToken cancellationToken) =>
        await store.FindAsync(runId, cancellationToken) is { } run
        && await access.TryAcquireAsync(user.Id, new RunOwner(run.UserId, run.TeamId), RunAction.View, cancellationToken) is { } lease
            ? (run, lease)
            : null;

    private Task RecordAsync(UserInfo user, RunSummary run, RunSummary beside, CancellationToken cancellationToken) => audit.RecordAsync(
        user, run.Status.IsSettled() ? AccessActions.RunOpened : AccessActions.RunAttached, run.RunId, run.UserId, $"compared with {beside.RunId}", cancellationToken);

    private async Task<(TimelineState State, EventTimes Times)?> FoldAsync(string runId, CancellationToken cancellationToken)
    {
        var (state, times) = (TimelineState.Empty, EventTimes.Empty);
        var (after, bytes) = (0L, 0L);
        while (await store.ReadAsync(runId, after, Page, cancellationToken) is { Count: > 0 } page)
        {
            (state, times, after) = (TimelineReducer.Apply(state, page), times.Apply(page), page[^1].Seq);
            bytes += page.Sum(runEvent => (long)runEvent.Data.Length);
            if (after > ExportedEvents.MostEvents || bytes > ExportedEvents.MostBytes)
            {
                return null;
            }
        }

        return (state, times);
    }

    [LoggerMessage(LogLevel.Error, "Runs {A} and {B} could not be compared")]
    private partial void LogFailed(Exception exception, string a, string b);

    [LoggerMessage(LogLevel.Error, "Nothing is offered to be compared with run {RunId}")]
    private partial void LogNotOffered(Exception exception, string runId);
}
