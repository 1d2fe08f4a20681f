using Copilot.Web.Storage.Supervision;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Copilot.Web.Storage.Configuration;

/// <summary>Requests for help, levers and alerts. They outlive the people they name: they are the record of what was done.</summary>
internal sealed class IncidentTables
    : IEntityTypeConfiguration<HelpRequestRow>,
        IEntityTypeConfiguration<LeverRow>,
        IEntityTypeConfiguration<AlertRow>,
        IEntityTypeConfiguration<AlertReportRow>
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

    public void Configure(EntityTypeBuilder<AlertRow> builder)
    {
        builder.ToTable("alerts");
        builder.HasKey(row => row.Id);

        builder.Property(row => row.RuleId).HasDefaultValue("");

        // A run has one alert of a kind, or of a rule, at a time.
        builder.HasIndex(row => new { row.RunId, row.Kind, row.RuleId }).IsUnique().HasFilter("cleared_at IS NULL");
        builder.HasIndex(row => row.ClearedAt);
    }

    public void Configure(EntityTypeBuilder<AlertReportRow> builder)
    {
        builder.ToTable("alert_reports");
        builder.HasKey(row => row.Id);
        builder.HasIndex(row => row.NextAt);
    }
}
