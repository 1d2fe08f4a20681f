using Copilot.Domain.Erasure.Retention;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Storage.Erasure;

/// <summary>Retention rules and legal holds in the product's database.</summary>
internal sealed class EfRetentionStore(IDbContextFactory<CopilotDbContext> contexts) : IRetentionStore
{
    private const string Agent = "agent";
    private const string Session = "session";
    private const long Day = 24L * 60 * 60 * 1_000_000;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RetentionRule>> ListRulesAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await db.RetentionRules.AsNoTracking().OrderBy(row => row.Scope).ThenBy(row => row.SetAt).ToListAsync(cancellationToken);
        return rows.ConvertAll(row => new RetentionRule(
            row.Scope == Agent ? RetentionScope.Agent : RetentionScope.Session, row.SubjectId, row.Days, row.SetBy, UnixMicroseconds.ToTime(row.SetAt)));
    }

    /// <inheritdoc/>
    public async Task<bool> IsThereAsync(RetentionScope? scope, string subjectId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await IsThereAsync(db, scope, subjectId, cancellationToken);
    }

    private static async Task<bool> IsThereAsync(CopilotDbContext db, RetentionScope? scope, string subjectId, CancellationToken cancellationToken) => scope switch
    {
        RetentionScope.Agent => await db.Agents.AnyAsync(row => row.Id == subjectId, cancellationToken),
        RetentionScope.Session => await db.Sessions.AnyAsync(row => row.Id == subjectId, cancellationToken),
        // A person who is gone may have left conversations.
        _ => await db.Users.AnyAsync(row => row.Id == subjectId, cancellationToken) || await db.Sessions.AnyAsync(row => row.UserId == subjectId, cancellationToken),
    };

    /// <inheritdoc/>
    public async Task<bool> SetRuleAsync(RetentionRule rule, CancellationToken cancellationToken)
    {
        var scope = Wire(rule.Scope);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.WriteAsync(
            async token =>
            {
                if (!await IsThereAsync(db, rule.Scope, rule.SubjectId, token))
                {
                    return false;
                }

                var row = await db.RetentionRules.FindAsync([scope, rule.SubjectId], token);
                if (row is null)
                {
                    row = new RetentionRuleRow { Scope = scope, SubjectId = rule.SubjectId, SetBy = rule.SetBy, SetAt = 0 };
                    db.RetentionRules.Add(row);
                }

                (row.Days, row.SetBy, row.SetAt) = (rule.Days, rule.SetBy, UnixMicroseconds.From(rule.SetAt));
                await db.SaveChangesAsync(token);
                return true;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<bool> RemoveRuleAsync(RetentionScope scope, string subjectId, CancellationToken cancellationToken)
    {
        var wire = Wire(scope);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.WriteAsync(
            token => db.RetentionRules.Where(row => row.Scope == wire && row.SubjectId == subjectId).ExecuteDeleteAsync(token), cancellationToken) == 1;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<LegalHold>> ListHoldsAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await db.LegalHolds.AsNoTracking()
            .OrderBy(row => row.LiftedAt != null)
            .ThenByDescending(row => row.Id)
            .ToListAsync(cancellationToken);
        return rows.ConvertAll(row => new LegalHold
        {
            Id = row.Id,
            SessionId = row.SessionId,
            UserId = row.UserId,
            Reason = row.Reason,
            SetBy = row.SetBy,
            SetAt = UnixMicroseconds.ToTime(row.SetAt),
            LiftedBy = row.LiftedBy,
            LiftedAt = row.LiftedAt is { } at ? UnixMicroseconds.ToTime(at) : null,
        });
    }

    /// <inheritdoc/>
    public async Task<bool> AddHoldAsync(LegalHold hold, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.WriteAsync(
            async token =>
            {
                if (!await IsThereAsync(db, hold.SessionId is null ? null : RetentionScope.Session, hold.SessionId ?? hold.UserId!, token))
                {
                    return false;
                }

                db.LegalHolds.Add(new LegalHoldRow
                {
                    Id = hold.Id,
                    SessionId = hold.SessionId,
                    UserId = hold.UserId,
                    Reason = hold.Reason,
                    SetBy = hold.SetBy,
                    SetAt = UnixMicroseconds.From(hold.SetAt),
                });
                await db.SaveChangesAsync(token);
                return true;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<bool> LiftHoldAsync(string holdId, string liftedBy, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var time = UnixMicroseconds.From(at);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.WriteAsync(
            token => db.LegalHolds
                .Where(row => row.Id == holdId && row.LiftedAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.LiftedAt, time).SetProperty(row => row.LiftedBy, liftedBy), token),
            cancellationToken) == 1;
    }

    /// <inheritdoc/>
    public async Task<bool> IsHeldAsync(string sessionId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await IsHeldAsync(db, sessionId, cancellationToken);
    }

    /// <summary>The same inside a transaction.</summary>
    internal static Task<bool> IsHeldAsync(CopilotDbContext db, string sessionId, CancellationToken cancellationToken) => db.LegalHolds
        .Where(hold => hold.LiftedAt == null)
        .AnyAsync(
            hold => hold.SessionId == sessionId || db.Sessions.Any(session => session.Id == sessionId && session.UserId == hold.UserId), cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DueSession>> ReadDueAsync(int? days, DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        var at = UnixMicroseconds.From(now);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.RetentionRules.AnyAsync(cancellationToken))
        {
            var due = await Open(db, RuledDue(db, Ruled(db, days), at)).Take(limit).ToListAsync(cancellationToken);
            return due.ConvertAll(one => one.ToDue());
        }

        return days is { } rule
            ? (await Due(db, at - (rule * Day)).Take(limit).ToListAsync(cancellationToken)).ConvertAll(id => new DueSession(id, DueSession.NameOf(null, id, rule)))
            : [];
    }

    /// <inheritdoc/>
    public async Task<bool> IsDueAsync(string sessionId, int? days, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await RuledDue(db, Ruled(db, days).Where(one => one.Id == sessionId), UnixMicroseconds.From(now)).AnyAsync(cancellationToken);
    }

    /// <summary>Where one rule counts for all, it is a look at the oldest.</summary>
    internal static IQueryable<string> Due(CopilotDbContext db, long at) =>
        db.Sessions.AsNoTracking()
            // It never is later than the last event of all its runs, so this leaves out none that is due.
            .Where(session => session.UpdatedAt < at)
            .Where(session => db.Runs.Any(run => run.SessionId == session.Id && run.ForgottenAt == null))
            .Where(session => !db.Runs.Any(run => run.SessionId == session.Id && run.LastEventAt >= at))
            .Where(session => !db.ErasureRequests.Any(row => row.SessionId == session.Id && row.ErasedAt == null))
            .Where(session => !db.LegalHolds.Any(hold => hold.LiftedAt == null && hold.SessionId == session.Id))
            .Where(session => !db.LegalHolds.Any(hold => hold.LiftedAt == null && hold.UserId == session.UserId))
            .OrderBy(session => session.UpdatedAt)
            .ThenBy(session => session.Id)
            .Select(session => session.Id);

    private static IQueryable<RuledSession> Ruled(CopilotDbContext db, int? days) =>
        from session in db.Sessions.AsNoTracking()
        join rule in db.RetentionRules.Where(row => row.Scope == Session) on session.Id equals rule.SubjectId into owns
        from own in owns.DefaultIfEmpty()
        join rule in db.RetentionRules.Where(row => row.Scope == Agent) on session.AgentId equals rule.SubjectId into agents
        from agent in agents.DefaultIfEmpty()
        select new RuledSession
        {
            Id = session.Id,
            UserId = session.UserId,
            AgentId = session.AgentId,
            UpdatedAt = session.UpdatedAt,
            ClosedAt = session.ArchivedAt,
            Scope = own.Scope ?? agent.Scope,
            Days = own.Scope != null ? own.Days : agent.Scope != null ? agent.Days : days,
        };

    private static IQueryable<RuledSession> RuledDue(CopilotDbContext db, IQueryable<RuledSession> sessions, long now) => sessions
        .Where(one => one.Days != null
            ? one.UpdatedAt < now - (one.Days * Day) && !db.Runs.Any(run => run.SessionId == one.Id && run.LastEventAt >= now - (one.Days * Day))
            : one.Scope != null && one.ClosedAt != null)
        .Where(one => db.Runs.Any(run => run.SessionId == one.Id && run.ForgottenAt == null))
        .Where(one => !db.LegalHolds.Any(hold => hold.LiftedAt == null && hold.SessionId == one.Id))
        .Where(one => !db.LegalHolds.Any(hold => hold.LiftedAt == null && hold.UserId == one.UserId));

    private static IQueryable<RuledSession> Open(CopilotDbContext db, IQueryable<RuledSession> sessions) => sessions
        .Where(one => !db.ErasureRequests.Any(row => row.SessionId == one.Id && row.ErasedAt == null))
        .OrderBy(one => one.UpdatedAt)
        .ThenBy(one => one.Id);

    private static string Wire(RetentionScope scope) => scope is RetentionScope.Agent ? Agent : Session;

    private sealed class RuledSession
    {
        public required string Id { get; init; }

        public required string UserId { get; init; }

        public required string AgentId { get; init; }

        public required long UpdatedAt { get; init; }

        public required long? ClosedAt { get; init; }

        public required string? Scope { get; init; }

        public required int? Days { get; init; }

        public DueSession ToDue() => new(Id, Scope switch
        {
            Session => DueSession.NameOf(RetentionScope.Session, Id, Days),
            Agent => DueSession.NameOf(RetentionScope.Agent, AgentId, Days),
            _ => DueSession.NameOf(null, Id, Days),
        });
    }
}
