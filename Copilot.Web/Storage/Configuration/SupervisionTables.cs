using Copilot.Web.Storage.Runs;
using Copilot.Web.Storage.Supervision;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Copilot.Web.Storage.Configuration;

/// <summary>Who looked at which run, and the rules that supervisors wrote. They outlive the people they name.</summary>
internal sealed class SupervisionTables : IEntityTypeConfiguration<RunWatchRow>, IEntityTypeConfiguration<SupervisionRuleRow>
{
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
