using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Copilot.Web.Storage.Configuration;

/// <summary>Invitations, and the audit of what was done to people and keys. The audit outlives the people it names.</summary>
internal sealed class PeopleTables : IEntityTypeConfiguration<InvitationRow>, IEntityTypeConfiguration<PeopleAuditRow>
{
    public void Configure(EntityTypeBuilder<InvitationRow> builder)
    {
        builder.ToTable("invitations");
        builder.HasKey(row => row.Id);
        builder.HasIndex(row => row.TokenHash).IsUnique();
        builder.Property(row => row.EndedAt).IsConcurrencyToken();
        builder.HasOne<TeamRow>().WithMany().HasForeignKey(row => row.TeamId).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<PeopleAuditRow> builder)
    {
        builder.ToTable("people_audit");
        builder.HasKey(row => row.Id);
        builder.HasIndex(row => new { row.UserId, row.Id });
        builder.HasIndex(row => row.ObjectId);
    }
}
