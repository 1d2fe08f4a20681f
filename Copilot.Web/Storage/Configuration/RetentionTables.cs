using Copilot.Web.Storage.Erasure;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Copilot.Web.Storage.Configuration;

/// <summary>Retention rules and legal holds.</summary>
internal sealed class RetentionTables : IEntityTypeConfiguration<RetentionRuleRow>, IEntityTypeConfiguration<LegalHoldRow>
{
    public void Configure(EntityTypeBuilder<RetentionRuleRow> builder)
    {
        builder.ToTable("retention_rules");
        builder.HasKey(row => new { row.Scope, row.SubjectId });
    }

    public void Configure(EntityTypeBuilder<LegalHoldRow> builder)
    {
        builder.ToTable("legal_holds");
        builder.HasKey(row => row.Id);
        // Every deletion looks for them.
        builder.HasIndex(row => row.SessionId).HasFilter("lifted_at IS NULL");
        builder.HasIndex(row => row.UserId).HasFilter("lifted_at IS NULL");
    }
}
