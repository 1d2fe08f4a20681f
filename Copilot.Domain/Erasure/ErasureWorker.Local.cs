using Copilot.Domain.Erasure.Records;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Summaries;

namespace Copilot.Domain.Erasure;

/// <summary>Removal here: runs are stopped, recorded, and their content is removed.</summary>
public sealed partial class ErasureWorker
{
    // What takes longer is tried again later, and others get its place.
    private static readonly TimeSpan s_stopLimit = TimeSpan.FromSeconds(10);

    /// <returns>The request's new state, or null when it was withdrawn.</returns>
    private async Task<ErasureRequest?> EraseAsync(ErasureRequest request, CancellationToken cancellationToken)
    {
        while (true)
        {
            var left = (await _events.ReadSessionHeadsAsync(request.SessionId, cancellationToken).ConfigureAwait(false))
                .Where(run => run.ForgottenAt is null)
                .ToList();
            if (left.Count == 0)
            {
                break;
            }

            if (request is { Cause: ErasureCause.Rule, State: ErasureState.Requested }
                && !(left.TrueForAll(run => run.Status.IsSettled())
                    && await _retention.IsDueAsync(request.SessionId, _options.Days, Now, cancellationToken).ConfigureAwait(false)))
            {
                // A new message, a changed rule or a legal hold since the sweep: the conversation is no longer due.
                await _store.WithdrawAsync(request.Id, cancellationToken).ConfigureAwait(false);
                _changes.Publish(request);
                return null;
            }

            if (await _retention.IsHeldAsync(request.SessionId, cancellationToken).ConfigureAwait(false))
            {
                return await RescheduleAsync(request, ErasureProblems.Held, cancellationToken).ConfigureAwait(false);
            }

            // Before anything changes: stopping a run adds an event to it, after which the rule would no longer call it due.
            if (request.State is ErasureState.Requested)
            {
                request = await SaveAsync(request with { State = ErasureState.Erasing }, cancellationToken).ConfigureAwait(false);
            }

            if (!await StopRunsAsync(left, request.RequestedBy ?? EventActor.Retention, cancellationToken).ConfigureAwait(false))
            {
                return await RescheduleAsync(request, ErasureProblems.RunActive, cancellationToken).ConfigureAwait(false);
            }

            using (await _removal.EnterAsync("", cancellationToken).ConfigureAwait(false))
            {
                foreach (var run in await PlanAsync(request, left, cancellationToken).ConfigureAwait(false))
                {
                    if (await _retention.IsHeldAsync(request.SessionId, cancellationToken).ConfigureAwait(false))
                    {
                        break;
                    }

                    await EraseRunAsync(run, cancellationToken).ConfigureAwait(false);
                    _changes.Publish(request);
                }
            }
        }

        using var removing = await _removal.EnterAsync("", cancellationToken).ConfigureAwait(false);
        foreach (var eraser in _erasers)
        {
            await eraser.EraseAsync(request.SessionId, cancellationToken).ConfigureAwait(false);
        }

        if (!await _store.ScrubAsync(cancellationToken).ConfigureAwait(false))
        {
            return await RescheduleAsync(
                request with { State = ErasureState.Erasing }, ErasureProblems.DatabaseInUse, cancellationToken).ConfigureAwait(false);
        }

        var now = Now;
        var next = _pause.Until > now ? _pause.Until : now;
        request = await SaveAsync(
            request with { State = ErasureState.Verifying, ErasedAt = now, Problem = null, NextAt = next },
            cancellationToken).ConfigureAwait(false);
        var responses = await _store.ReadResponsesAsync(request.Id, cancellationToken).ConfigureAwait(false);
        if (!responses.Any(IsOpen))
        {
            return await FinishAsync(request, responses, cancellationToken).ConfigureAwait(false);
        }

        _changes.ToVerify.Set();
        return request;
    }

    /// <summary>Stops runs that have not ended. False when one keeps running.</summary>
    private async Task<bool> StopRunsAsync(List<RunHead> runs, EventActor actor, CancellationToken cancellationToken)
    {
        // The newest first: a queued run must not start because the one before it ends.
        foreach (var run in runs.Where(run => !run.Status.IsTerminal()).Reverse())
        {
            await _runs.AskAsync(run.RunId, new RunCommand.Stop(actor, "The conversation is being deleted."), cancellationToken).ConfigureAwait(false);
        }

        using var limit = new CancellationTokenSource(s_stopLimit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        foreach (var run in runs)
        {
            try
            {
                // Ends with the run's last event, at once if that exists already.
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

    /// <summary>Records what each run leaves upstream, while its log still has it.</summary>
    private async Task<IReadOnlyList<ErasedRun>> PlanAsync(
        ErasureRequest request, List<RunHead> runs, CancellationToken cancellationToken)
    {
        var known = await _store.ReadRunsAsync(request.Id, cancellationToken).ConfigureAwait(false);
        foreach (var run in runs.Where(run => known.All(one => one.RunId != run.RunId)))
        {
            var scan = await RunScan.ReadAsync(_events, run.RunId, cancellationToken).ConfigureAwait(false);
            await _store.PlanAsync(
                new ErasedRun
                {
                    ErasureId = request.Id,
                    RunId = run.RunId,
                    Events = scan.Events,
                    Bytes = scan.Bytes,
                    HeadHash = scan.HeadHash,
                    ChainHeldBefore = scan.ChainHolds,
                    PlannedAt = Now,
                },
                [.. scan.Responses.Select(found => ProofOf(request.Id, run.RunId, found)).OfType<ErasedResponse>()],
                cancellationToken).ConfigureAwait(false);
        }

        return [.. (await _store.ReadRunsAsync(request.Id, cancellationToken).ConfigureAwait(false)).Where(run => run.ErasedAt is null)];
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

        var isEmpty = scan.Bytes == 0 && !await _store.HasCopyAsync(run.RunId, cancellationToken).ConfigureAwait(false);
        var at = Now;
        var erased = summary.Erase(at);
        await _store.EraseRunAsync(
            run with { ErasedAt = at, ChainHoldsAfter = isEmpty && scan.ChainHolds && scan.HeadHash == run.HeadHash },
            erased,
            cancellationToken).ConfigureAwait(false);
        LogErased(run.RunId, run.Events, run.Bytes);

        // Pages that show the run are updated from here.
        _directory.Publish(erased);
    }

    /// <summary>What has to be proven about a response; null if nothing.</summary>
    private ErasedResponse? ProofOf(string erasureId, string runId, UpstreamResponse found)
    {
        var response = new ErasedResponse
        {
            RunId = runId,
            Seq = found.Seq,
            ErasureId = erasureId,
            ResponseId = found.ResponseId,
            Proof = ErasureProof.DeletedUpstream,
            State = ErasureProofState.Pending,
            SentAt = found.SentAt,
            Transport = found.Transport,
            Endpoint = found.Endpoint,
            SocketEnd = found.Ending?.Reason,
            CloseCode = found.Ending?.CloseCode,
            NextAt = Now,
        };
        return found switch
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
                VerifiedAt = found.SentAt,
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
