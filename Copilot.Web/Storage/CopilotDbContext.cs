using Copilot.Web.Identity;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Storage;

/// <summary>The one database: people, sessions, runs and their events.</summary>
internal sealed class CopilotDbContext(DbContextOptions<CopilotDbContext> options)
    : IdentityDbContext<CopilotUser, IdentityRole, string>(options)
{
    public DbSet<TeamRow> Teams => Set<TeamRow>();

    public DbSet<AgentRow> Agents => Set<AgentRow>();

    public DbSet<AgentVersionRow> AgentVersions => Set<AgentVersionRow>();

    public DbSet<SessionRow> Sessions => Set<SessionRow>();

    public DbSet<RunRow> Runs => Set<RunRow>();

    public DbSet<RunEventRow> RunEvents => Set<RunEventRow>();

    public DbSet<RunPayloadRow> RunPayloads => Set<RunPayloadRow>();

    public DbSet<RunRatingRow> RunRatings => Set<RunRatingRow>();

    public DbSet<ApiKeyRow> ApiKeys => Set<ApiKeyRow>();

    public DbSet<IdempotencyRow> IdempotencyKeys => Set<IdempotencyRow>();

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.ApplyConfigurationsFromAssembly(typeof(CopilotDbContext).Assembly);
    }
}
