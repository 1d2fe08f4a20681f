using Copilot.Web.Storage.Supervision;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Copilot.Web.Storage.Configuration;

/// <summary>Requests for help, and levers. They outlive the people they name: they are the record of what was done.</summary>
internal sealed class IncidentTables : IEntityTypeConfiguration<HelpRequestRow>, IEntityTypeConfiguration<LeverRow>
{
    public void Configure(EntityTypeBuilder<HelpRequestRow> builder)
    {
        builder.ToTable("help_requests");
        builder.HasKey(row => row.Id);

        // A run has one open request at most.
        builder.HasIndex(row => row.RunId).IsUnique().HasFilter("closed_at IS NULL");
        builder.HasIndex(row => new { row.RunId, row.CallId });
        builder.HasIndex(row => row.ClosedAt);
    }

    public void Configure(EntityTypeBuilder<LeverRow> builder)
    {
        builder.ToTable("levers");
        builder.HasKey(row => row.Id);
        builder.HasIndex(row => new { row.Kind, row.Target }).IsUnique().HasFilter("undone_at IS NULL");
    }
}
