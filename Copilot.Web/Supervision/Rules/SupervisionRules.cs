using Copilot.Domain.Concurrency;
using Copilot.Domain.Costs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Summaries.Supervision;
using Copilot.Domain.Supervision.Rules;
using Copilot.Web.Identity.Administration;
using Copilot.Web.Runs;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Supervision;
using Copilot.Web.Supervision.Incident;
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
    LeverTargets targets,
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
        return [.. rows.Where(row => IsSeen(scope, row)).Select(row => Read(row, scope)).OfType<Rule>()];
    }

    /// <summary>What is wrong with a draft for this writer, or the rule that it would be.</summary>
    /// <param name="scope">The writer.</param>
    /// <param name="draft">What they want.</param>
    /// <param name="ruleId">The rule that is changed; empty for a new one.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public async Task<(SupervisionRule? Rule, CommandResult Result)> CheckAsync(
        SupervisorScope scope, RuleDraft draft, string ruleId, CancellationToken cancellationToken)
    {
        if (RuleCheck.Of(draft.Condition, draft.Effect) is { } problem)
        {
            return (null, CommandResult.Refused(RefusalCode.Invalid, problem.Sentence, problem.Field));
        }

        if (scope.TeamId is { } own && draft.TeamId is { } wanted && wanted != own)
        {
            return (null, CommandResult.Refused(RefusalCode.Invalid, SupervisionRulesText.OtherTeam, "team_id"));
        }

        var rule = new SupervisionRule(ruleId, 1, draft.Name.Trim(), draft.Condition, draft.Effect) { TeamId = scope.TeamId ?? draft.TeamId, Agent = draft.Agent };
        if (rule.Agent is { } agent && !(await targets.ReadAgentsAsync(cancellationToken)).Any(one => one.Name == agent))
        {
            return (null, CommandResult.Refused(RefusalCode.Invalid, SupervisionRulesText.UnknownAgent, "agent"));
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return rule.TeamId is { } team && !await db.Teams.AnyAsync(one => one.Id == team, cancellationToken)
            ? (null, CommandResult.Refused(RefusalCode.Invalid, SupervisionRulesText.UnknownTeam, "team_id"))
            : (rule, CommandResult.Done);
    }

    /// <summary>Saves a new rule, which counts at once.</summary>
    public Task<RuleChange> CreateAsync(ChangedBy by, RuleDraft draft, CancellationToken cancellationToken) => TurnAsync(
        by,
        async scope =>
        {
            var (rule, result) = await CheckNamedAsync(scope, draft, RunIds.New("rul_", time), cancellationToken);
            if (rule is null)
            {
                return new RuleChange(result, null);
            }

            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            if (await db.SupervisionRules.CountAsync(row => row.RemovedAt == null, cancellationToken) >= MaxRules)
            {
                return RuleChange.Refused(RefusalCode.Conflict, SupervisionRulesText.TooMany(MaxRules));
            }

            var row = new SupervisionRuleRow
            {
                Id = rule.Id,
                Revision = 1,
                Name = rule.Name,
                TeamId = rule.TeamId,
                Agent = rule.Agent,
                Condition = RuleJson.Write(rule.Condition),
                Effect = RuleJson.ToWire(rule.Effect),
                IsOn = draft.IsOn,
                CreatedBy = by.UserId ?? "",
                CreatedByName = by.Name,
                CreatedAt = UnixMicroseconds.From(time.GetUtcNow()),
            };
            db.SupervisionRules.Add(row);
            audit.Add(db, by, AuditAction.RuleCreated, user: null, row.Name, row.Id, after: Sentence(rule));
            await CommitAsync(db, cancellationToken);
            LogCreated(row.Id, by.Name);
            return new RuleChange(CommandResult.Done, Read(row, scope));
        },
        cancellationToken);

    /// <summary>Makes a rule another: it counts anew in every run.</summary>
    public Task<RuleChange> ChangeAsync(ChangedBy by, string ruleId, RuleDraft draft, CancellationToken cancellationToken) => ChangeAsync(
        by,
        ruleId,
        async (scope, row, before) =>
        {
            if (draft.Revision is { } seen && seen != row.Revision)
            {
                return CommandResult.Refused(RefusalCode.Conflict, SupervisionRulesText.ChangedMeanwhile(row.ChangedByName ?? row.CreatedByName));
            }

            var (rule, result) = await CheckNamedAsync(scope, draft, ruleId, cancellationToken);
            if (rule is not null)
            {
                (row.Name, row.TeamId, row.Agent, row.IsOn) = (rule.Name, rule.TeamId, rule.Agent, draft.IsOn);
                (row.Condition, row.Effect, row.Revision) = (RuleJson.Write(rule.Condition), RuleJson.ToWire(rule.Effect), row.Revision + 1);

                // What took too long may be quick now.
                (row.UndecidedAt, row.UndecidedRunId, row.UndecidedSeq) = (null, null, null);
            }

            return result;
        },
        cancellationToken);

    /// <summary>Switches a rule on or off.</summary>
    public Task<RuleChange> SwitchAsync(ChangedBy by, string ruleId, bool isOn, CancellationToken cancellationToken) => ChangeAsync(
        by,
        ruleId,
        (_, row, _) =>
        {
            row.IsOn = isOn;
            return Task.FromResult(CommandResult.Done);
        },
        cancellationToken);

    /// <summary>Removes a rule. What it has paused stays paused, and what it has asked about still waits.</summary>
    public Task<RuleChange> RemoveAsync(ChangedBy by, string ruleId, CancellationToken cancellationToken) => ChangeAsync(
        by,
        ruleId,
        (_, row, _) =>
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
                var (runId, newest) = fired.Where(one => one.Firing.RuleId == row.Id).MaxBy(one => one.Firing.At);
                if (UnixMicroseconds.From(newest.At) is var at && !(row.FiredAt >= at))
                {
                    (row.FiredAt, row.FiredRunId, row.FiredSeq) = (at, runId, newest.About);
                }

                // Of a version before, nobody needs to know it any more.
                foreach (var (slowRunId, slow) in fired.Where(one => one.Firing.RuleId == row.Id && one.Firing.Revision == row.Revision))
                {
                    if (slow.UndecidedAt is { } since && UnixMicroseconds.From(since) is var undecidedAt && !(row.UndecidedAt >= undecidedAt))
                    {
                        (row.UndecidedAt, row.UndecidedRunId, row.UndecidedSeq) = (undecidedAt, slowRunId, slow.UndecidedAbout);
                    }
                }
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

    // Rules for all teams are shown to all who are bound by them.
    private static bool IsSeen(SupervisorScope scope, SupervisionRuleRow row) => scope.TeamId is null || row.TeamId is null || row.TeamId == scope.TeamId;

    private static bool IsTheirs(SupervisorScope scope, SupervisionRuleRow row) => scope.TeamId is null || row.TeamId == scope.TeamId;

    // What a newer version has stored is ignored by an older one.
    private static SupervisionRule? Read(SupervisionRuleRow row) =>
        RuleJson.Read(row.Condition) is { } condition && RuleJson.ParseEffect(row.Effect) is { } effect && RuleCheck.Of(condition, effect) is null
            ? new SupervisionRule(row.Id, row.Revision, row.Name, condition, effect) { TeamId = row.TeamId, Agent = row.Agent }
            : null;

    private static Rule? Read(SupervisionRuleRow row, SupervisorScope scope) => Read(row) is { } rule
        ? new Rule(rule, row.IsOn, row.CreatedByName, UnixMicroseconds.ToTime(row.CreatedAt))
        {
            ChangedBy = row.ChangedByName,
            ChangedAt = Time(row.ChangedAt),
            FiredAt = Time(row.FiredAt),
            FiredRunId = row.FiredRunId,
            FiredSeq = row.FiredSeq,
            UndecidedAt = Time(row.UndecidedAt),
            UndecidedRunId = row.UndecidedRunId,
            UndecidedSeq = row.UndecidedSeq,
            IsTheirs = IsTheirs(scope, row),
        }
        : null;

    private static DateTimeOffset? Time(long? microseconds) => microseconds is { } at ? UnixMicroseconds.ToTime(at) : null;

    private async Task<(SupervisionRule? Rule, CommandResult Result)> CheckNamedAsync(
        SupervisorScope scope, RuleDraft draft, string ruleId, CancellationToken cancellationToken) => RuleCheck.OfName(draft.Name) is { } problem
            ? (null, CommandResult.Refused(RefusalCode.Invalid, problem.Sentence, problem.Field))
            : await CheckAsync(scope, draft, ruleId, cancellationToken);

    /// <summary>A rule in one sentence, as audits name it.</summary>
    internal string Sentence(SupervisionRule rule) => SupervisionRulesText.Sentence(rule, tool => tool, rule.TeamId, prices.Currency);

    private string Sentence(SupervisionRuleRow row) => row.RemovedAt is null && Read(row) is { } rule ? $"{(row.IsOn ? SupervisionRulesText.On : SupervisionRulesText.Off)}, {Sentence(rule)}" : "";

    private Task<RuleChange> ChangeAsync(
        ChangedBy by, string ruleId, Func<SupervisorScope, SupervisionRuleRow, string, Task<CommandResult>> change, CancellationToken cancellationToken) => TurnAsync(
        by,
        async scope =>
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            if (await db.SupervisionRules.SingleOrDefaultAsync(one => one.Id == ruleId && one.RemovedAt == null, cancellationToken) is not { } row || !IsSeen(scope, row))
            {
                return RuleChange.Refused(RefusalCode.NotFound, SupervisionRulesText.Gone);
            }

            if (!IsTheirs(scope, row))
            {
                return RuleChange.Refused(RefusalCode.Denied, SupervisionRulesText.NotYours);
            }

            var (name, before) = (row.Name, Sentence(row));
            var result = await change(scope, row, before);
            if (!result.Accepted)
            {
                return new RuleChange(result, Read(row, scope));
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

            return new RuleChange(CommandResult.Done, Read(row, scope));
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
        inForce.Replace(rows.Select(Read).OfType<SupervisionRule>());
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
