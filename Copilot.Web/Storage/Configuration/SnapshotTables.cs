using Copilot.Web.Storage.Snapshots;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Copilot.Web.Storage.Configuration;

/// <summary>Snapshots of runs that have ended.</summary>
internal sealed class SnapshotTables : IEntityTypeConfiguration<RunSnapshotRow>
{
    public void Configure(EntityTypeBuilder<RunSnapshotRow> builder)
    {
        builder.ToTable("run_snapshots");
        builder.HasKey(row => row.RunId);
        builder.HasIndex(row => row.SavedAt);
        builder.HasOne<RunRow>().WithMany().HasForeignKey(row => row.RunId).OnDelete(DeleteBehavior.Restrict);
    }
}
