using Copilot.Web.Storage.Packing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Copilot.Web.Storage.Configuration;

/// <summary>Packed runs, and the keys of the salts of all runs.</summary>
internal sealed class PackingTables : IEntityTypeConfiguration<RunSegmentRow>, IEntityTypeConfiguration<RunSaltRow>
{
    public void Configure(EntityTypeBuilder<RunSegmentRow> builder)
    {
        builder.ToTable("run_segments");
        // By the last: the segment after a cursor is the next row of this index.
        builder.HasKey(row => new { row.RunId, row.LastSeq });
        builder.Property(row => row.LastSeq).ValueGeneratedNever();
        builder.HasOne<RunRow>().WithMany().HasForeignKey(row => row.RunId).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<RunSaltRow> builder)
    {
        builder.ToTable("run_salts");
        builder.HasKey(row => new { row.RunId, row.FromSeq });
        builder.Property(row => row.FromSeq).ValueGeneratedNever();
        builder.HasOne<RunRow>().WithMany().HasForeignKey(row => row.RunId).OnDelete(DeleteBehavior.Restrict);
    }
}
