using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Copilot.Web.Storage.Configuration;

/// <summary>What is to be forgotten, and the proof of what was.</summary>
internal sealed class ForgettingTables :
    IEntityTypeConfiguration<ForgettingRow>,
    IEntityTypeConfiguration<ForgottenRunRow>,
    IEntityTypeConfiguration<ForgottenResponseRow>
{
    public void Configure(EntityTypeBuilder<ForgettingRow> builder)
    {
        builder.ToTable("forgettings");
        builder.HasKey(row => row.Id);
        builder.HasOne<SessionRow>().WithMany().HasForeignKey(row => row.SessionId).OnDelete(DeleteBehavior.Restrict);
        // Two at once in one session would remove under each other's hands. (One that only waits for the upstream is no hindrance.)
        builder.HasIndex(row => row.SessionId, "open").IsUnique().HasFilter("erased_at IS NULL");
        builder.HasIndex(row => new { row.SessionId, row.Id });
    }

    public void Configure(EntityTypeBuilder<ForgottenRunRow> builder)
    {
        builder.ToTable("forgotten_runs");
        builder.HasKey(row => row.RunId);
        builder.HasOne<RunRow>().WithMany().HasForeignKey(row => row.RunId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<ForgettingRow>().WithMany().HasForeignKey(row => row.ForgettingId).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<ForgottenResponseRow> builder)
    {
        builder.ToTable("forgotten_responses");
        builder.HasKey(row => new { row.RunId, row.Seq });
        builder.Property(row => row.Seq).ValueGeneratedNever();
        builder.HasOne<ForgottenRunRow>().WithMany().HasForeignKey(row => row.RunId).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(row => new { row.ForgettingId, row.State });
    }
}
