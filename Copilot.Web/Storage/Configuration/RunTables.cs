using Copilot.Web.Storage.Runs;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Copilot.Web.Storage.Configuration;

/// <summary>Sessions, runs and their events. The owner is a plain id: they outlive the person's account.</summary>
internal sealed class RunTables :
    IEntityTypeConfiguration<SessionRow>,
    IEntityTypeConfiguration<SessionViewRow>,
    IEntityTypeConfiguration<RunCallbackRow>,
    IEntityTypeConfiguration<RunRow>,
    IEntityTypeConfiguration<RunEventRow>,
    IEntityTypeConfiguration<RunPayloadRow>,
    IEntityTypeConfiguration<RunRatingRow>
{
    public void Configure(EntityTypeBuilder<SessionRow> builder)
    {
        builder.ToTable("sessions");
        builder.HasKey(session => session.Id);
        builder.Property(session => session.AgentId).HasDefaultValue(AgentStore.DefaultAgentId);
        // The conversation list: a keyset page is one scan of this index.
        builder.HasIndex(session => new { session.UserId, session.UpdatedAt, session.Id }).IsDescending(false, true, true);
        // Retention looks for the oldest.
        builder.HasIndex(session => new { session.UpdatedAt, session.Id });
        builder.HasIndex(session => new { session.UserId, session.PinnedAt }).HasFilter("pinned_at IS NOT NULL");
    }

    public void Configure(EntityTypeBuilder<SessionViewRow> builder)
    {
        builder.ToTable("session_views");
        builder.HasKey(view => new { view.UserId, view.SessionId });
        builder.HasOne<SessionRow>().WithMany().HasForeignKey(view => view.SessionId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<RunCallbackRow> builder)
    {
        builder.ToTable("run_callbacks");
        builder.HasKey(callback => callback.RunId);
        builder.HasOne<RunRow>().WithMany().HasForeignKey(callback => callback.RunId).OnDelete(DeleteBehavior.Cascade);
        // Few have something left to say; a start finds them without reading the others.
        builder.HasIndex(callback => callback.NextAt).HasFilter("next_at IS NOT NULL");
    }

    public void Configure(EntityTypeBuilder<RunRow> builder)
    {
        builder.ToTable("runs");
        builder.HasKey(run => run.Id);
        builder.HasOne<SessionRow>().WithMany().HasForeignKey(run => run.SessionId).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(run => new { run.SessionId, run.CreatedAt, run.Id });
        builder.HasIndex(run => run.ParentRunId);
        // Few runs are forks; a deletion finds those of a run without reading the others.
        builder.HasIndex(run => run.ForkedRunId).HasFilter("forked_run_id IS NOT NULL");
        // A session's costs are summed from this index alone, without reading the summaries.
        builder.HasIndex(run => new { run.SessionId, run.CostCurrency, run.CostMicros, run.CostGaps });
        // The same message twice in one session is one run, also when two requests race.
        builder.HasIndex(run => new { run.SessionId, run.MessageId }).IsUnique();
        // Few runs are unfinished; a restart finds them without reading the others.
        builder.HasIndex(run => run.Status).HasFilter("status IN ('queued', 'running', 'waiting')");
        builder.HasIndex(run => new { run.Status, run.CreatedAt, run.Id }).HasFilter("status = 'interrupted'");
        // Every run is packed some day, and few are not.
        builder.HasIndex(run => run.CompletedAt).HasFilter("packed_at IS NULL");
        builder.HasIndex(run => new { run.UserId, run.CreatedAt });
        builder.HasIndex(run => new { run.TeamId, run.CreatedAt });
        builder.HasIndex(run => new { run.CreatedAt, run.Id });
        builder.Property(run => run.Ordinal).HasDefaultValue(0L);
        builder.Property(run => run.IsIndexed).HasDefaultValue(false);
        // Few runs wait for the index.
        builder.HasIndex(run => new { run.IsIndexed, run.Id }).HasFilter("is_indexed = 0");
    }

    public void Configure(EntityTypeBuilder<RunEventRow> builder)
    {
        builder.ToTable("run_events");
        builder.HasKey(row => new { row.RunId, row.Seq });
        builder.Property(row => row.Seq).ValueGeneratedNever();
        builder.HasOne<RunRow>().WithMany().HasForeignKey(row => row.RunId).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<RunPayloadRow> builder)
    {
        builder.ToTable("run_payloads");
        builder.HasKey(row => new { row.RunId, row.Seq });
        builder.Property(row => row.Seq).ValueGeneratedNever();
        builder.HasOne<RunEventRow>().WithMany()
            .HasForeignKey(row => new { row.RunId, row.Seq })
            .OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<RunRatingRow> builder)
    {
        builder.ToTable("run_ratings");
        builder.HasKey(row => new { row.RunId, row.UserId });
        builder.HasOne<RunRow>().WithMany().HasForeignKey(row => row.RunId).OnDelete(DeleteBehavior.Cascade);
    }
}
