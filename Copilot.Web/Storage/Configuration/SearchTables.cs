using Copilot.Web.Identity;
using Copilot.Web.Storage.Search;
using Copilot.Web.Storage.Search.Views;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Copilot.Web.Storage.Configuration;

/// <summary>What runs are found by, and the lists that people have named.</summary>
internal sealed class SearchTables : IEntityTypeConfiguration<RunFactsRow>, IEntityTypeConfiguration<SavedViewRow>
{
    public void Configure(EntityTypeBuilder<RunFactsRow> builder)
    {
        builder.ToTable("run_facts");
        builder.HasKey(row => row.Number);
        builder.Property(row => row.Number).ValueGeneratedOnAdd();
        builder.HasIndex(row => row.RunId).IsUnique();
        builder.HasOne<RunRow>().WithMany().HasForeignKey(row => row.RunId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<SavedViewRow> builder)
    {
        builder.ToTable("saved_views");
        builder.HasKey(row => row.Id);
        builder.HasIndex(row => new { row.UserId, row.Name }).IsUnique();
        builder.HasOne<CopilotUser>().WithMany().HasForeignKey(row => row.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
