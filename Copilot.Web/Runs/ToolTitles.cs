using System.Collections.Frozen;
using Copilot.Domain.Tools;

namespace Copilot.Web.Runs;

/// <summary>What people call the tools: <c>Find a customer</c> for <c>crm_find_customer</c>.</summary>
internal sealed class ToolTitles(ToolRegistry registry)
{
    /// <summary>Titles by the names that the model calls; only tools that have one.</summary>
    public FrozenDictionary<string, string> All { get; } = registry.Definitions
        .Where(tool => tool.Title is not null)
        .ToFrozenDictionary(tool => tool.Name, tool => tool.Title!);
}
