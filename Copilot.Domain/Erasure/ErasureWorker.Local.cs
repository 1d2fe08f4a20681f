using Copilot.Domain.Responses;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Summaries;

namespace Copilot.Domain.Erasure;

/// <summary>What is removed here: runs are brought to rest, noted, and emptied.</summary>
public sealed partial class ErasureWorker
{
    private static readonly TimeSpan s_restLimit = TimeSpan.FromMinutes(1);

    /// <returns>The forgetting as it is then, or null when it was taken off the list.</returns>
    private async Task<ErasureRequest?> EraseAsync(ErasureRequest forgetting, CancellationToken cancellationToken)
    {
        while (true)
        {
            var left = (await _events.ReadSessionAsync(forgetting.SessionId, cancellationToken).ConfigureAwait(false))
                .Where(run => run.ForgottenAt is null)
                .ToList();
            if (left.Count == 0)
            {
                break;
            }

            if (forgetting is { Cause: ErasureCause.Rule, State: ErasureState.Requested } && !left.TrueForAll(IsDue))
            {
                // Somebody wrote in it, or the rule was changed, since it was put on the list.
                await _store.WithdrawAsync(forgetting.Id, cancellationToken).ConfigureAwait(false);
                return null;
            }

            if (!await RestAsync(left, forgetting.RequestedBy ?? EventActor.Retention, cancellationToken).ConfigureAwait(false))
            {
                return await LaterAsync(forgetting, ErasureProblems.RunActive, cancellationToken).ConfigureAwait(false);
            }

            var planned = await PlanAsync(forgetting, left, cancellationToken).ConfigureAwait(false);
            if (forgetting.State is ErasureState.Requested)
            {
                forgetting = await SaveAsync(forgetting with { State = ErasureState.Erasing }, cancellationToken).ConfigureAwait(false);
                _signal.Set();
            }

            foreach (var run in planned)
            {
                await EraseRunAsync(run, cancellationToken).ConfigureAwait(false);
                _signal.Set();
            }
        }

        foreach (var remains in _remains)
        {
            await remains.EraseAsync(forgetting.SessionId, cancellationToken).ConfigureAwait(false);
        }

        return await _store.ScrubAsync(cancellationToken).ConfigureAwait(false)
            ? await SaveAsync(
                forgetting with { State = ErasureState.Verifying, ErasedAt = Now, Problem = null, NextAt = Now },
                cancellationToken).ConfigureAwait(false)
            : await LaterAsync(
                forgetting with { State = ErasureState.Erasing },
                ErasureProblems.DatabaseInUse,
                cancellationToken).ConfigureAwait(false);
    }

    private bool IsDue(RunSummary run) => run.Status.IsSettled() && DueBefore is { } before && run.LastEventAt < before;

    /// <summary>Ends what has not ended. False when something goes on all the same.</summary>
    private async Task<bool> RestAsync(List<RunSummary> runs, EventActor actor, CancellationToken cancellationToken)
    {
        // The newest first: what waits in the queue must not begin because the one before it ends.
        foreach (var run in runs.Where(run => !run.Status.IsTerminal()).Reverse())
        {
            await _runs.SendAsync(run.RunId, new RunCommand.Stop(actor, "The conversation is being deleted."), cancellationToken).ConfigureAwait(false);
        }

        using var limit = new CancellationTokenSource(s_restLimit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        foreach (var run in runs)
        {
            try
            {
                // Ends with the run's last event, at once where that is there already.
                await foreach (var _ in _feed.FollowAsync(run.RunId, run.HeadSeq, either.Token).ConfigureAwait(false))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Notes what each run leaves, as long as its log still says so.</summary>
    private async Task<IReadOnlyList<ErasedRun>> PlanAsync(
        ErasureRequest forgetting, List<RunSummary> runs, CancellationToken cancellationToken)
    {
        var known = await _store.ReadRunsAsync(forgetting.Id, cancellationToken).ConfigureAwait(false);
        foreach (var run in runs.Where(run => known.All(one => one.RunId != run.RunId)))
        {
            var scan = await RunScan.ReadAsync(_events, run.RunId, cancellationToken).ConfigureAwait(false);
            await _store.PlanAsync(
                new ErasedRun
                {
                    ForgettingId = forgetting.Id,
                    RunId = run.RunId,
                    Events = scan.Events,
                    Bytes = scan.Bytes,
                    HeadHash = scan.HeadHash,
                    ChainHeldBefore = scan.ChainHolds,
                    PlannedAt = Now,
                },
                [.. scan.Traces.Select(trace => ProofOf(forgetting.Id, run.RunId, trace)).OfType<ErasedResponse>()],
                cancellationToken).ConfigureAwait(false);
        }

        return [.. (await _store.ReadRunsAsync(forgetting.Id, cancellationToken).ConfigureAwait(false)).Where(run => run.ErasedAt is null)];
    }

    private async Task EraseRunAsync(ErasedRun run, CancellationToken cancellationToken)
    {
        for (long? after = 0; after is { } seq;)
        {
            after = await _store.EraseEventsAsync(run.RunId, seq, _options.BatchEvents, cancellationToken).ConfigureAwait(false);
        }

        var scan = await RunScan.ReadAsync(_events, run.RunId, cancellationToken).ConfigureAwait(false);
        if (await _events.FindAsync(run.RunId, cancellationToken).ConfigureAwait(false) is not { } summary)
        {
            throw new InvalidOperationException($"Run {run.RunId} is not there any more.");
        }

        var at = Now;
        var rest = summary.Forget(at);
        await _store.EraseRunAsync(
            run with { ErasedAt = at, ChainHoldsAfter = scan.ChainHolds && scan.HeadHash == run.HeadHash && scan.Bytes == 0 },
            rest,
            cancellationToken).ConfigureAwait(false);
        LogErased(run.RunId, run.Events, run.Bytes);

        // Pages that show it learn of it from here.
        _directory.Publish(rest);
    }

    /// <summary>What has to be proven of a trace; null where there was nothing.</summary>
    private ErasedResponse? ProofOf(string forgettingId, string runId, StoredResponseTrace trace)
    {
        var response = new ErasedResponse
        {
            RunId = runId,
            Seq = trace.Seq,
            ForgettingId = forgettingId,
            ResponseId = trace.ResponseId,
            Proof = ErasureProof.DeletedUpstream,
            State = ErasureProofState.Pending,
            SentAt = trace.SentAt,
            Transport = trace.Transport,
            Endpoint = trace.Endpoint,
            SocketEnd = trace.Ending?.Words,
            CloseCode = trace.Ending?.CloseCode,
            NextAt = Now,
        };
        return trace switch
        {
            { Stored: true, ResponseId: null } => response with
            {
                Proof = ErasureProof.None,
                State = ErasureProofState.Unproven,
                Problem = ErasureProblems.ResponseUnknown,
            },
            { Stored: true } => response,
            { Transport: TransportKind.Http } => response with
            {
                Proof = ErasureProof.HttpNotStored,
                State = ErasureProofState.Verified,
                VerifiedAt = trace.SentAt,
            },
            { Ending: { } ending } => response with
            {
                Proof = ErasureProof.SocketClosed,
                State = ErasureProofState.Verified,
                VerifiedAt = ending.At,
            },
            _ => response with
            {
                Proof = ErasureProof.None,
                State = ErasureProofState.Unproven,
                Problem = ErasureProblems.SocketUnknown,
            },
        };
    }
}
