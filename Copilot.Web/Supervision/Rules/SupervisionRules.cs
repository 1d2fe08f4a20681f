using Copilot.Domain.Concurrency;
using Copilot.Domain.Costs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Summaries.Supervision;
using Copilot.Domain.Supervision.Rules;
using Copilot.Web.Identity.Administration;
using Copilot.Web.Runs;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Supervision;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Supervision.Rules;

/// <summary>
/// The rules that supervisors write: for their own team, admins for all. The table is the truth; a change is in the audit, and in force for
/// every run as soon as it is committed. Who may is read from the store at each call.
/// </summary>
internal sealed partial class SupervisionRules(
    IDbContextFactory<CopilotDbContext> contexts,
    SupervisorAccess access,
    RulesInForce inForce,
    RuleDraftCheck drafts,
    PriceTable prices,
    PeopleAudit audit,
    TimeProvider time,
    ILogger<SupervisionRules> logger) : IDisposable
{
    /// <summary>The most rules at a time: each run asks all of them.</summary>
    public const int MaxRules = 200;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly AsyncSignal _changed = new();

    /// <summary>Completes at the next change of a rule, and when one has fired. Take it before reading.</summary>
    public Task Changed => _changed.Next;

    /// <summary>Puts the rules that are on into force; once, before anything is started.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await PutIntoForceAsync(db, cancellationToken);
    }

    /// <summary>The rules about runs that a supervisor sees, the newest first; null for who is none.</summary>
    public async Task<IReadOnlyList<Rule>?> ReadAsync(string userId, CancellationToken cancellationToken)
    {
        if (await access.FindAsync(userId, cancellationToken) is not { } scope)
        {
            return null;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await db.SupervisionRules.AsNoTracking().Where(row => row.RemovedAt == null).OrderByDescending(row => row.CreatedAt).ToListAsync(cancellationToken);
        return [.. rows.Where(row => RuleRows.IsSeen(scope, row)).Select(row => RuleRows.Read(row, scope)).OfType<Rule>()];
    }

    /// <summary>Saves a new rule, which counts at once.</summary>
    public Task<RuleChange> CreateAsync(ChangedBy by, RuleDraft draft, CancellationToken cancellationToken) => TurnAsync(
        by,
        async scope =>
        {
            var (rule, result) = await drafts.CheckNamedAsync(scope, draft, RunIds.New("rul_", time), cancellationToken);
            if (rule is null)
            {
                return new RuleChange(result, null);
            }

            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            if (await db.SupervisionRules.CountAsync(row => row.RemovedAt == null, cancellationToken) >= MaxRules)
            {
                return RuleChange.Refused(RefusalCode.Conflict, SupervisionRulesText.TooMany(MaxRules));
            }

            var row = RuleRows.New(rule, draft.IsOn, by, time.GetUtcNow());
            db.SupervisionRules.Add(row);
            audit.Add(db, by, AuditAction.RuleCreated, user: null, row.Name, row.Id, after: Sentence(rule));
            await CommitAsync(db, cancellationToken);
            LogCreated(row.Id, by.Name);
            return new RuleChange(CommandResult.Done, RuleRows.Read(row, scope));
        },
        cancellationToken);

    /// <summary>Makes a rule another: it counts anew in every run.</summary>
    public Task<RuleChange> ChangeAsync(ChangedBy by, string ruleId, RuleDraft draft, CancellationToken cancellationToken) => ChangeAsync(
        by,
        ruleId,
        async (scope, row) =>
        {
            if (draft.Revision is { } seen && seen != row.Revision)
            {
                return CommandResult.Refused(RefusalCode.Conflict, SupervisionRulesText.ChangedMeanwhile(row.ChangedByName ?? row.CreatedByName));
            }

            var (rule, result) = await drafts.CheckNamedAsync(scope, draft, ruleId, cancellationToken);
            if (rule is not null)
            {
                RuleRows.Write(row, rule, draft.IsOn);
            }

            return result;
        },
        cancellationToken);

    /// <summary>Switches a rule on or off.</summary>
    public Task<RuleChange> SwitchAsync(ChangedBy by, string ruleId, bool isOn, CancellationToken cancellationToken) => ChangeAsync(
        by,
        ruleId,
        (_, row) =>
        {
            row.IsOn = isOn;
            return Task.FromResult(CommandResult.Done);
        },
        cancellationToken);

    /// <summary>Removes a rule. What it has paused stays paused, and what it has asked about still waits.</summary>
    public Task<RuleChange> RemoveAsync(ChangedBy by, string ruleId, CancellationToken cancellationToken) => ChangeAsync(
        by,
        ruleId,
        (_, row) =>
        {
            row.RemovedAt = UnixMicroseconds.From(time.GetUtcNow());
            return Task.FromResult(CommandResult.Done);
        },
        cancellationToken);

    /// <summary>Notes when rules fired last, and when their expressions took too long, as the runs' events tell.</summary>
    public async Task NoteAsync(IReadOnlyCollection<(string RunId, RuleFiring Firing)> fired, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var ids = fired.Select(one => one.Firing.RuleId).Distinct().ToArray();
            foreach (var row in await db.SupervisionRules.Where(row => ids.Contains(row.Id)).ToListAsync(cancellationToken))
            {
                RuleRows.WriteFirings(row, [.. fired.Where(one => one.Firing.RuleId == row.Id)]);
            }

            if (await db.SaveChangesAsync(cancellationToken) > 0)
            {
                _changed.Set();
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private string Sentence(SupervisionRule rule) => SupervisionRulesText.AuditSentence(rule, prices.Currency);

    private string Sentence(SupervisionRuleRow row) => row.RemovedAt is null && RuleRows.Read(row) is { } rule ? $"{(row.IsOn ? SupervisionRulesText.On : SupervisionRulesText.Off)}, {Sentence(rule)}" : "";

    private Task<RuleChange> ChangeAsync(
        ChangedBy by, string ruleId, Func<SupervisorScope, SupervisionRuleRow, Task<CommandResult>> change, CancellationToken cancellationToken) => TurnAsync(
        by,
        async scope =>
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            if (await db.SupervisionRules.SingleOrDefaultAsync(one => one.Id == ruleId && one.RemovedAt == null, cancellationToken) is not { } row || !RuleRows.IsSeen(scope, row))
            {
                return RuleChange.Refused(RefusalCode.NotFound, SupervisionRulesText.Gone);
            }

            if (!RuleRows.IsTheirs(scope, row))
            {
                return RuleChange.Refused(RefusalCode.Denied, SupervisionRulesText.NotYours);
            }

            var (name, before) = (row.Name, Sentence(row));
            var result = await change(scope, row);
            if (!result.Accepted)
            {
                return new RuleChange(result, RuleRows.Read(row, scope));
            }

            if (db.ChangeTracker.HasChanges())
            {
                (row.ChangedByName, row.ChangedAt) = (by.Name, UnixMicroseconds.From(time.GetUtcNow()));
                var isRemoved = row.RemovedAt is not null;
                audit.Add(
                    db, by, isRemoved ? AuditAction.RuleRemoved : AuditAction.RuleChanged, user: null, name, row.Id, before, isRemoved ? null : Sentence(row));
                await CommitAsync(db, cancellationToken);
                LogChanged(row.Id, by.Name);
            }

            return new RuleChange(CommandResult.Done, RuleRows.Read(row, scope));
        },
        cancellationToken);

    private async Task CommitAsync(CopilotDbContext db, CancellationToken cancellationToken)
    {
        await db.SaveChangesAsync(cancellationToken);

        // It is committed: whoever asked may have gone, and it counts.
        await PutIntoForceAsync(db, CancellationToken.None);
    }

    private async Task PutIntoForceAsync(CopilotDbContext db, CancellationToken cancellationToken)
    {
        var rows = await db.SupervisionRules.AsNoTracking().Where(row => row.RemovedAt == null && row.IsOn).OrderBy(row => row.CreatedAt).ToListAsync(cancellationToken);
        inForce.Replace(rows.Select(RuleRows.Read).OfType<SupervisionRule>());
        _changed.Set();
    }

    // One change at a time: what is in memory is changed in the order of the commits.
    private async Task<RuleChange> TurnAsync(ChangedBy by, Func<SupervisorScope, Task<RuleChange>> change, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return by.UserId is { } userId && await access.FindAsync(userId, cancellationToken) is { } scope
                ? await change(scope)
                : RuleChange.Refused(RefusalCode.NotFound, SupervisionRulesText.Gone);
        }
        catch (Exception exception) when (StorageFailure.Is(exception))
        {
            LogNotSaved(exception);
            return RuleChange.Refused(RefusalCode.StorageUnavailable, RunCommandText.CommandNotSaved);
        }
        finally
        {
            _turn.Release();
        }
    }

    [LoggerMessage(LogLevel.Information, "Rule {RuleId} was written by {Name}")]
    private partial void LogCreated(string ruleId, string name);

    [LoggerMessage(LogLevel.Information, "Rule {RuleId} was changed by {Name}")]
    private partial void LogChanged(string ruleId, string name);

    [LoggerMessage(LogLevel.Warning, "A rule was not changed: storage is unavailable")]
    private partial void LogNotSaved(Exception exception);
}
