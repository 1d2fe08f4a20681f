using Copilot.Domain.Costs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Supervision.Rules;
using Copilot.Web.Runs;
using Copilot.Web.Storage;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Supervision.Rules;

/// <summary>
/// Tries a rule on the past before it is saved: the same evaluation as for runs that work, over the stored events of the runs of the last
/// days that the writer supervises, the newest run first. It writes nothing.
/// </summary>
internal sealed class RuleTrial(
    IDbContextFactory<CopilotDbContext> contexts, IRunEventStore store, SupervisorAccess access, RuleDraftCheck drafts, PriceTable prices, TimeProvider time) : IDisposable
{
    /// <summary>How far it looks back.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromDays(7);

    /// <summary>The most runs that are read.</summary>
    public const int MaxRuns = 2_000;

    /// <summary>The most moments that are shown; all are counted.</summary>
    public const int MaxMoments = 100;

    private const int PageSize = 1_000;

    // A trial reads much; several at once would only slow down those who work.
    private readonly SemaphoreSlim _places = new(1, 1);

    /// <summary>Tries a draft.</summary>
    /// <param name="userId">Who writes it.</param>
    /// <param name="draft">The rule; its name does not matter.</param>
    /// <param name="progress">Told after each run that was read; how often, and not what, may be shown at once.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>How it was taken, and what it found; null where it was refused. <see cref="RuleTrialResult.OthersShownTo"/> is recorded before it is shown.</returns>
    public async Task<(CommandResult Result, RuleTrialResult? Found)> RunAsync(
        string userId, RuleDraft draft, Action<RuleTrialResult> progress, CancellationToken cancellationToken)
    {
        if (await access.FindAsync(userId, cancellationToken) is not { } scope)
        {
            return (CommandResult.Refused(RefusalCode.NotFound, SupervisionRulesText.Gone), null);
        }

        var (rule, result) = await drafts.CheckAsync(scope, draft, ruleId: "", cancellationToken);
        if (rule is null)
        {
            return (result, null);
        }

        await _places.WaitAsync(cancellationToken);
        try
        {
            // Reading blocks its thread: it must not be a page's.
            return (CommandResult.Done, await Task.Run(() => ReadAsync(rule, scope, progress, cancellationToken), cancellationToken));
        }
        finally
        {
            _places.Release();
        }
    }

    public void Dispose() => _places.Dispose();

    private async Task<RuleTrialResult> ReadAsync(
        SupervisionRule rule, SupervisorScope scope, Action<RuleTrialResult> progress, CancellationToken cancellationToken)
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, scope.Revoked);
        var (runs, isCut) = await FindRunsAsync(rule, leaving.Token);
        var found = new RuleTrialResult(runs.Count, 0, 0, []) { IsCut = isCut, What = SupervisionRulesText.AuditSentence(rule, prices.Currency) };
        progress(found);
        var evaluator = new RuleEvaluator(rule);
        foreach (var run in runs)
        {
            found = await TryAsync(evaluator, run, found, leaving.Token);
            progress(found);
        }

        return found;
    }

    private async Task<(IReadOnlyList<(string RunId, string OwnerId, string Person)> Runs, bool IsCut)> FindRunsAsync(SupervisionRule rule, CancellationToken cancellationToken)
    {
        var since = UnixMicroseconds.From(time.GetUtcNow() - Period);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = db.Runs.AsNoTracking().Where(run => run.CreatedAt >= since && run.ForgottenAt == null);
        if (rule.TeamId is { } team)
        {
            rows = rows.Where(run => run.TeamId == team);
        }

        var newest = await rows.OrderByDescending(run => run.CreatedAt).ThenByDescending(run => run.Id)
            .Take(MaxRuns + 1)
            .Select(run => new { run.Id, run.UserId, Person = db.Users.Where(user => user.Id == run.UserId).Select(user => user.DisplayName).FirstOrDefault() ?? run.UserId })
            .ToListAsync(cancellationToken);
        return ([.. newest.Take(MaxRuns).Select(run => (run.Id, run.UserId, run.Person))], newest.Count > MaxRuns);
    }

    private async Task<RuleTrialResult> TryAsync(
        RuleEvaluator evaluator, (string RunId, string OwnerId, string Person) run, RuleTrialResult found, CancellationToken cancellationToken)
    {
        RunSummary? summary = null;
        var hasFired = false;
        await foreach (var next in EventsAsync(evaluator.Rule, run.RunId, cancellationToken))
        {
            var before = summary;
            summary = RunSummaryFold.Apply(before, next);
            if (before is null && !evaluator.Rule.Covers(summary))
            {
                break;
            }

            if (summary.Status.IsSettled() || RuleMoment.Of(before, summary, next) is not { } moment || evaluator.At(moment, hasFired) is not { IsMet: true } verdict)
            {
                continue;
            }

            hasFired = true;
            found = found with
            {
                Count = found.Count + 1,
                Undecided = found.Undecided + (verdict.IsUndecided ? 1 : 0),
                Moments = found.Moments.Length >= MaxMoments
                    ? found.Moments
                    : found.Moments.Add(new RuleTrialMoment(run.RunId, next.Seq, next.At, run.Person, summary.Input, verdict.Because) { OwnerId = run.OwnerId }),
            };
        }

        return found with { Read = found.Read + 1 };
    }

    // Between the pieces of an answer there is no silence; for everything else they say nothing that its end does not.
    private async IAsyncEnumerable<RunEvent> EventsAsync(
        SupervisionRule rule, string runId, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var after = 0L;
        while (true)
        {
            var page = rule.Condition.Kind is RuleConditionKind.Silence
                ? await store.ReadAsync(runId, after, PageSize, cancellationToken)
                : await store.ReadWithoutPiecesAsync(runId, after, PageSize, cancellationToken);
            if (page.Count == 0)
            {
                yield break;
            }

            foreach (var one in page)
            {
                yield return one;
            }

            after = page[^1].Seq;
        }
    }
}
