using Copilot.Domain.Audit;
using Copilot.Domain.Runs.Events;
using Copilot.Web.Identity;
using Copilot.Web.Storage.Audit;
using Copilot.Web.Storage.Comments;
using Copilot.Web.Storage.Erasure;
using Copilot.Web.Storage.Packing;
using Copilot.Web.Storage.Runs;
using Copilot.Web.Storage.Search;
using Copilot.Web.Storage.Search.Review;
using Copilot.Web.Storage.Search.Views;
using Copilot.Web.Storage.Snapshots;
using Copilot.Web.Storage.Supervision;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Storage;

/// <summary>
/// The one database: people, sessions, runs and their events. Every write goes through the <see cref="WriteLock"/>:
/// <see cref="SaveChangesAsync(bool, CancellationToken)"/> takes it automatically, anything longer goes through
/// <see cref="WriteAsync{T}"/>. The synchronous <c>SaveChanges</c> throws, because it could only block on the lock.
/// </summary>
internal sealed class CopilotDbContext(DbContextOptions<CopilotDbContext> options, WriteLock writeLock)
    : IdentityDbContext<CopilotUser, IdentityRole, string>(options)
{
    private readonly List<(AccessEntry Entry, DateTimeOffset At)> _access = [];

    public DbSet<TeamRow> Teams => Set<TeamRow>();

    public DbSet<AgentRow> Agents => Set<AgentRow>();

    public DbSet<AgentVersionRow> AgentVersions => Set<AgentVersionRow>();

    public DbSet<SessionRow> Sessions => Set<SessionRow>();

    public DbSet<SessionViewRow> SessionViews => Set<SessionViewRow>();

    public DbSet<RunCallbackRow> RunCallbacks => Set<RunCallbackRow>();

    public DbSet<RunRow> Runs => Set<RunRow>();

    public DbSet<RunEventRow> RunEvents => Set<RunEventRow>();

    public DbSet<RunPayloadRow> RunPayloads => Set<RunPayloadRow>();

    public DbSet<RunSegmentRow> RunSegments => Set<RunSegmentRow>();

    public DbSet<RunSaltRow> RunSalts => Set<RunSaltRow>();

    public DbSet<RunSnapshotRow> RunSnapshots => Set<RunSnapshotRow>();

    public DbSet<RunRatingRow> RunRatings => Set<RunRatingRow>();

    public DbSet<RunWatchRow> RunWatches => Set<RunWatchRow>();

    public DbSet<RunClaimRow> RunClaims => Set<RunClaimRow>();

    public DbSet<ApprovalGrantRow> ApprovalGrants => Set<ApprovalGrantRow>();

    public DbSet<FileRow> Files => Set<FileRow>();

    public DbSet<ApiKeyRow> ApiKeys => Set<ApiKeyRow>();

    public DbSet<SignInRow> SignIns => Set<SignInRow>();

    public DbSet<InvitationRow> Invitations => Set<InvitationRow>();

    public DbSet<PeopleAuditRow> PeopleAudit => Set<PeopleAuditRow>();

    public DbSet<HelpRequestRow> HelpRequests => Set<HelpRequestRow>();

    public DbSet<LeverRow> Levers => Set<LeverRow>();

    public DbSet<AlertRow> Alerts => Set<AlertRow>();

    public DbSet<SupervisionRuleRow> SupervisionRules => Set<SupervisionRuleRow>();

    public DbSet<AlertReportRow> AlertReports => Set<AlertReportRow>();

    public DbSet<IdempotencyRow> IdempotencyKeys => Set<IdempotencyRow>();

    public DbSet<RunFactsRow> RunFacts => Set<RunFactsRow>();

    public DbSet<SavedViewRow> SavedViews => Set<SavedViewRow>();

    public DbSet<CommentRow> Comments => Set<CommentRow>();

    public DbSet<CommentMentionRow> CommentMentions => Set<CommentMentionRow>();

    public DbSet<SeenRunRow> SeenRuns => Set<SeenRunRow>();

    public DbSet<ErasureRequestRow> ErasureRequests => Set<ErasureRequestRow>();

    public DbSet<ErasedRunRow> ErasedRuns => Set<ErasedRunRow>();

    public DbSet<ErasedResponseRow> ErasedResponses => Set<ErasedResponseRow>();

    public DbSet<RetentionRuleRow> RetentionRules => Set<RetentionRuleRow>();

    public DbSet<LegalHoldRow> LegalHolds => Set<LegalHoldRow>();

    public DbSet<AccessRow> AccessLog => Set<AccessRow>();

    public DbSet<CheckpointRow> Checkpoints => Set<CheckpointRow>();

    public DbSet<SealedHeadRow> SealedHeads => Set<SealedHeadRow>();

    /// <summary>True while this context may write.</summary>
    internal bool HoldsWriteLock { get; private set; }

    /// <summary>Pinned, so that the model does not depend on how a host configures Identity.</summary>
    protected override Version SchemaVersion => IdentitySchemaVersions.Version1;

    /// <summary>
    /// Runs <paramref name="write"/> in one transaction, as the only writer, and commits it. Inside an outer
    /// <see cref="WriteAsync{T}"/> of the same context it joins that transaction.
    /// </summary>
    /// <exception cref="Copilot.Domain.Runs.Log.StorageUnavailableException">The database cannot commit now. Nothing was committed.</exception>
    public async Task<T> WriteAsync<T>(Func<CancellationToken, Task<T>> write, CancellationToken cancellationToken)
    {
        if (HoldsWriteLock)
        {
            return await write(cancellationToken);
        }

        using var pass = await writeLock.EnterAsync(cancellationToken);
        HoldsWriteLock = true;
        try
        {
            await using var transaction = await Database.BeginTransactionAsync(cancellationToken);
            var result = await write(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return result;
        }
        catch (Exception exception) when (StorageFailure.Explain(exception) is { } unavailable)
        {
            throw unavailable;
        }
        finally
        {
            HoldsWriteLock = false;
        }
    }

    /// <summary>Brings the schema up to date, as the only writer.</summary>
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        using var pass = await writeLock.EnterAsync(cancellationToken);
        HoldsWriteLock = true;
        try
        {
            await Database.MigrateAsync(cancellationToken);
        }
        finally
        {
            HoldsWriteLock = false;
        }
    }

    /// <inheritdoc/>
    public override async Task<int> SaveChangesAsync(
        bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        if (HoldsWriteLock)
        {
            await SealAccessAsync(cancellationToken);
            return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        }

        using var pass = await writeLock.EnterAsync(cancellationToken);
        HoldsWriteLock = true;
        try
        {
            if (_access.Count == 0)
            {
                return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
            }

            await using var transaction = await Database.BeginTransactionAsync(cancellationToken);
            await SealAccessAsync(cancellationToken);
            var written = await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return written;
        }
        finally
        {
            HoldsWriteLock = false;
        }
    }

    /// <summary>
    /// Adds an entry to the access log with the next save: in its transaction, so that neither a change nor its entry is there alone.
    /// </summary>
    public void Record(AccessEntry entry, DateTimeOffset at) => _access.Add((entry, at));

    /// <summary>Not supported: it would have to block on the lock.</summary>
    public override int SaveChanges(bool acceptAllChangesOnSuccess) =>
        throw new NotSupportedException("All writes must hold the write lock: use SaveChangesAsync.");

    // Inside the transaction that writes them, so that nobody else, in this process or another, takes the same place in the chain.
    private async Task SealAccessAsync(CancellationToken cancellationToken)
    {
        if (_access.Count == 0)
        {
            return;
        }

        var head = await AccessLog.AsNoTracking().OrderByDescending(row => row.Seq).Select(row => new { row.Seq, row.Hash }).FirstOrDefaultAsync(cancellationToken);
        var (seq, hash) = (head?.Seq ?? 0, head is null ? RunEventChain.Start : head.Hash);
        foreach (var (entry, at) in _access)
        {
            var record = AccessRecord.Seal(++seq, RunTime.FromMicroseconds(RunTime.ToMicroseconds(at)), entry, hash);
            AccessLog.Add(AccessRow.From(record));
            hash = record.Hash;
        }

        _access.Clear();
    }

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.ApplyConfigurationsFromAssembly(typeof(CopilotDbContext).Assembly);
        SnakeCaseNames.Apply(builder.Model);
    }
}
