using Copilot.Web.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Copilot.Web.Storage.Configuration;

/// <summary>Teams, agents and the keys of the HTTP API.</summary>
internal sealed class AgentTables :
    IEntityTypeConfiguration<TeamRow>,
    IEntityTypeConfiguration<AgentRow>,
    IEntityTypeConfiguration<AgentVersionRow>,
    IEntityTypeConfiguration<ApiKeyRow>,
    IEntityTypeConfiguration<IdempotencyRow>
{
    public void Configure(EntityTypeBuilder<TeamRow> builder)
    {
        builder.ToTable("teams");
        builder.HasKey(team => team.Id);
    }

    public void Configure(EntityTypeBuilder<AgentRow> builder)
    {
        builder.ToTable("agents");
        builder.HasKey(agent => agent.Id);
    }

    public void Configure(EntityTypeBuilder<AgentVersionRow> builder)
    {
        builder.ToTable("agent_versions");
        builder.HasKey(version => new { version.AgentId, version.Version });
        builder.Property(version => version.Version).ValueGeneratedNever();
        builder.HasOne<AgentRow>().WithMany().HasForeignKey(version => version.AgentId).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<ApiKeyRow> builder)
    {
        builder.ToTable("api_keys");
        builder.HasKey(key => key.Id);
        builder.HasIndex(key => key.KeyHash).IsUnique();
        // A person's keys are deleted with them.
        builder.HasOne<CopilotUser>().WithMany().HasForeignKey(key => key.UserId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<IdempotencyRow> builder)
    {
        builder.ToTable("idempotency_keys");
        builder.HasKey(row => new { row.ApiKeyId, row.Key });
        builder.HasIndex(row => row.CreatedAt);
        builder.HasIndex(row => row.RunId);
        builder.HasOne<ApiKeyRow>().WithMany().HasForeignKey(row => row.ApiKeyId).OnDelete(DeleteBehavior.Cascade);
    }
}
