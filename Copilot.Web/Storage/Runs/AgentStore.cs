using System.Text.Json;
using Copilot.Domain.Runs.Events;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Storage.Runs;

/// <summary>The agents people can talk to.</summary>
internal sealed class AgentStore(IDbContextFactory<CopilotDbContext> contexts)
{
    /// <summary>The agent of a new installation.</summary>
    public const string DefaultAgentId = "agt_default";

    /// <summary>The current version of the default agent.</summary>
    /// <exception cref="InvalidOperationException">The database has none: it was not created by the migrations.</exception>
    public async Task<AgentSnapshot> GetDefaultAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var definition = await db.Agents.AsNoTracking()
            .Where(agent => agent.Id == DefaultAgentId)
            .Join(
                db.AgentVersions,
                agent => new { AgentId = agent.Id, Version = agent.CurrentVersion },
                version => new { version.AgentId, version.Version },
                (_, version) => version.Definition)
            .FirstOrDefaultAsync(cancellationToken)
            ?? throw new InvalidOperationException($"The database has no agent {DefaultAgentId}.");
        return JsonSerializer.Deserialize(definition, StorageJson.Default.AgentSnapshot)!;
    }
}
