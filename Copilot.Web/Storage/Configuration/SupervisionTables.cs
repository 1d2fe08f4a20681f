using Copilot.Web.Storage.Runs;
using Copilot.Web.Storage.Supervision;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Copilot.Web.Storage.Configuration;

/// <summary>Who looked at which run or had it in their care, and the rules that supervisors wrote. They outlive the people they name.</summary>
internal sealed class SupervisionTables
    : IEntityTypeConfiguration<RunWatchRow>, IEntityTypeConfiguration<RunClaimRow>, IEntityTypeConfiguration<SupervisionRuleRow>
{
    public void Configure(EntityTypeBuilder<RunClaimRow> builder)
    {
        builder.ToTable("run_claims");
        builder.HasKey(row => row.Id);

        // A run is in the care of one person at most.
        builder.HasIndex(row => row.RunId).IsUnique().HasFilter("ended_at IS NULL");
        builder.HasIndex(row => row.EndedAt).HasFilter("ended_at IS NULL");
    }

    public void Configure(EntityTypeBuilder<SupervisionRuleRow> builder)
    {
        builder.ToTable("supervision_rules");
        builder.HasKey(row => row.Id);
    }

    public void Configure(EntityTypeBuilder<RunWatchRow> builder)
    {
        builder.ToTable("run_watches");
        builder.HasKey(row => row.Id);
        builder.HasIndex(row => new { row.RunId, row.JoinedAt });
        builder.HasIndex(row => row.LeftAt).HasFilter("left_at IS NULL");
        builder.HasOne<RunRow>().WithMany().HasForeignKey(row => row.RunId).OnDelete(DeleteBehavior.Cascade);
    }
}
