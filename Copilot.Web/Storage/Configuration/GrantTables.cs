using Copilot.Web.Storage.Runs;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Copilot.Web.Storage.Configuration;

/// <summary>Standing permissions. People, sessions and agents are plain ids: what was allowed outlives them.</summary>
internal sealed class GrantTables : IEntityTypeConfiguration<ApprovalGrantRow>
{
    public void Configure(EntityTypeBuilder<ApprovalGrantRow> builder)
    {
        builder.ToTable("approval_grants");
        builder.HasKey(row => row.Id);
        builder.Property(row => row.RevokedAt).IsConcurrencyToken();
        // Each call that needs an approval looks here.
        builder.HasIndex(row => new { row.UserId, row.Tool, row.ExpiresAt });
        builder.HasIndex(row => new { row.CreatedBy, row.ExpiresAt });
    }
}
