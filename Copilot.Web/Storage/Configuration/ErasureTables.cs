using Copilot.Web.Storage.Erasure;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Copilot.Web.Storage.Configuration;

/// <summary>Erasure requests and their proof. Table and column names are older than the word erasure.</summary>
internal sealed class ErasureTables :
    IEntityTypeConfiguration<ErasureRequestRow>,
    IEntityTypeConfiguration<ErasedRunRow>,
    IEntityTypeConfiguration<ErasedResponseRow>
{
    public void Configure(EntityTypeBuilder<ErasureRequestRow> builder)
    {
        builder.ToTable("forgettings");
        builder.HasKey(row => row.Id);
        builder.HasOne<SessionRow>().WithMany().HasForeignKey(row => row.SessionId).OnDelete(DeleteBehavior.Restrict);
        // Two at once in one session would interfere. (One that only waits for the upstream does not.)
        builder.HasIndex(row => row.SessionId, "open").IsUnique().HasFilter("erased_at IS NULL");
        builder.HasIndex(row => new { row.SessionId, row.Id });
        // The table never shrinks, and few are unfinished.
        builder.HasIndex(row => new { row.NextAt, row.Id }).HasFilter("finished_at IS NULL");
    }

    public void Configure(EntityTypeBuilder<ErasedRunRow> builder)
    {
        builder.ToTable("forgotten_runs");
        builder.HasKey(row => row.RunId);
        builder.HasOne<RunRow>().WithMany().HasForeignKey(row => row.RunId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<ErasureRequestRow>().WithMany().HasForeignKey(row => row.ForgettingId).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<ErasedResponseRow> builder)
    {
        builder.ToTable("forgotten_responses");
        builder.HasKey(row => new { row.RunId, row.Seq });
        builder.Property(row => row.Seq).ValueGeneratedNever();
        builder.HasOne<ErasedRunRow>().WithMany().HasForeignKey(row => row.RunId).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(row => new { row.ForgettingId, row.State });
    }
}
