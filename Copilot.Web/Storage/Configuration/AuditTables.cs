using Copilot.Web.Storage.Audit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Copilot.Web.Storage.Configuration;

/// <summary>The access log, and the checkpoints with the heads that they seal. No foreign keys: they outlive what they name.</summary>
internal sealed class AuditTables :
    IEntityTypeConfiguration<AccessRow>, IEntityTypeConfiguration<CheckpointRow>, IEntityTypeConfiguration<SealedHeadRow>
{
    public void Configure(EntityTypeBuilder<AccessRow> builder)
    {
        builder.ToTable("access_log");
        builder.HasKey(row => row.Seq);
        builder.Property(row => row.Seq).ValueGeneratedNever();
        // Each filter of the page is one scan of an index, the newest first.
        builder.HasIndex(row => new { row.ActorId, row.Seq });
        builder.HasIndex(row => new { row.ObjectId, row.Seq });
        builder.HasIndex(row => new { row.OwnerId, row.Seq });
        builder.HasIndex(row => new { row.Action, row.Seq });
        builder.HasIndex(row => row.At);
    }

    public void Configure(EntityTypeBuilder<CheckpointRow> builder)
    {
        builder.ToTable("audit_checkpoints");
        builder.HasKey(row => row.Number);
        builder.Property(row => row.Number).ValueGeneratedNever();
        builder.HasIndex(row => row.At);
    }

    public void Configure(EntityTypeBuilder<SealedHeadRow> builder)
    {
        builder.ToTable("audit_heads");
        builder.HasKey(row => new { row.Chain, row.Seq });
        builder.Property(row => row.Seq).ValueGeneratedNever();
        builder.HasIndex(row => row.Checkpoint);
        builder.HasIndex(row => new { row.Kind, row.Chain });
    }
}
