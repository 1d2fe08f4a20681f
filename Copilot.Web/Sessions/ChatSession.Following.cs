using Copilot.Domain.Costs;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Summaries;

namespace Copilot.Web.Sessions;

// What happens in the session while the page looks: changes of the directory become states of the page.
internal sealed partial class ChatSession
{
    private async Task FollowAsync(
        IAsyncEnumerator<IReadOnlyList<RunSummary>> changes, Task<bool> next, CancellationToken cancellationToken)
    {
        await using (changes)
        {
            try
            {
                while (await next)
                {
                    Merge(changes.Current);
                    await RefreshHeadAsync(changes.Current, cancellationToken);
                    next = changes.MoveNextAsync().AsTask();
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // The page closed, or its permission was taken: the revocation has already said so.
            }
            catch (Exception exception)
            {
                LogFollowBroke(exception, SessionId);
                Set(new ChatState { Phase = ChatPhase.Failed });
            }
        }
    }

    // A run that begins elsewhere becomes the tip there; this page goes along.
    private async Task RefreshHeadAsync(IReadOnlyList<RunSummary> changed, CancellationToken cancellationToken)
    {
        if (State.Session is { } session
            && changed.Any(run => run.HeadSeq <= 3 || run.RunId != _tip || run.ForgottenAt is not null)
            && await sessions.FindAsync(session.Id, cancellationToken) is { } info
            && (info.HeadRunId != session.HeadRunId || info.Title != session.Title))
        {
            _tip = info.HeadRunId;
            Set(State with { Session = Head(info) });
            Recompute();
        }
    }

    // Text that streams is the viewer's business: the page changes when a run appears or its status does.
    private void Merge(IReadOnlyList<RunSummary> changed)
    {
        var visible = false;
        lock (_lock)
        {
            foreach (var run in changed)
            {
                var known = _runs.GetValueOrDefault(run.RunId);
                if (known is not null && known.HeadSeq > run.HeadSeq)
                {
                    continue;
                }

                visible |= known is null || known.Status != run.Status || known.IncompleteReason != run.IncompleteReason
                    || known.ForgottenAt != run.ForgottenAt
                    || known.ContextTokens != run.ContextTokens
                    || known.LatestIntervention != run.LatestIntervention
                    || known.PendingApprovals.Count != run.PendingApprovals.Count
                    || CostOf(known) != CostOf(run);
                _runs[run.RunId] = run;
            }
        }

        if (visible)
        {
            Recompute();
        }
    }

    private static CostTotal CostOf(RunSummary run) => new(run.CostSoFar.Currency, run.CostSoFar.Micros, run.CostSoFar.Gaps);

    private void Recompute()
    {
        lock (_lock)
        {
            var path = SessionBranches.Path(_runs.Values, _tip);
            Set(State with
            {
                Runs = [.. path.Where(one => one.Run.Status is not RunStatus.Queued)],
                Queued = [.. _runs.Values.Where(run => run.Status is RunStatus.Queued).Order(RunOrder.InSession)],
                Costs = CostTotal.Of(_runs.Values.Select(CostOf)),
                Context = path.LastOrDefault(one => one.Run.ContextTokens is not null)?.Run is { ContextTokens: { } tokens } newest
                    ? new ContextUse(tokens, newest.Model)
                    : null,
                Active = _runs.Values.FirstOrDefault(run => run.Status is RunStatus.Running or RunStatus.Waiting),
            });
        }
    }

    private void Set(ChatState state)
    {
        lock (_lock)
        {
            // A permission that ended stays ended until the page opens something again.
            if (State.Phase is ChatPhase.AccessEnded && state.Phase is not (ChatPhase.Loading or ChatPhase.New))
            {
                return;
            }

            State = state;
        }

        Changed?.Invoke();
    }

    [LoggerMessage(LogLevel.Error, "ChangeWatcher session {SessionId} failed")]
    private partial void LogFollowBroke(Exception exception, string? sessionId);
}
