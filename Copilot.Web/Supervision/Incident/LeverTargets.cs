using Copilot.Domain.Tools;
using Copilot.Web.Storage;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Supervision.Incident;

/// <summary>What a lever can be about.</summary>
internal sealed class LeverTargets(ToolRegistry tools, IDbContextFactory<CopilotDbContext> contexts)
{
    /// <summary>The tools by name, each with its title.</summary>
    public IReadOnlyList<(string Name, string Title)> Tools => [.. tools.Definitions.Select(tool => (tool.Name, tool.Title ?? tool.Name)).OrderBy(tool => tool.Item2)];

    /// <summary>The agents by id, each with its name.</summary>
    public async Task<IReadOnlyList<(string Id, string Name)>> ReadAgentsAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await db.Agents.AsNoTracking().OrderBy(agent => agent.Name).Select(agent => new { agent.Id, agent.Name }).ToListAsync(cancellationToken);
        return [.. rows.Select(row => (row.Id, row.Name))];
    }

    /// <summary>The sentence that says what is wrong with a target; null when it can be used.</summary>
    public async Task<string?> FindProblemAsync(LeverKind kind, string target, CancellationToken cancellationToken) => kind switch
    {
        LeverKind.StopIntakeAll => target.Length == 0 ? null : LeverText.TargetNotExpected,
        _ when target.Length == 0 => LeverText.TargetMissing,
        LeverKind.ToolOff => tools.TryGet(target, out _) ? null : LeverText.UnknownTarget(target),
        _ => (await ReadAgentsAsync(cancellationToken)).Any(agent => agent.Id == target) ? null : LeverText.UnknownTarget(target),
    };
}
