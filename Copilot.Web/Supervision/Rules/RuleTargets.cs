using Copilot.Domain.Runs.HostedTools;
using Copilot.Web.Supervision.Incident;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Supervision.Rules;

/// <summary>What a rule can be about: tools that run here, those that the upstream runs itself, and agents.</summary>
internal sealed class RuleTargets(LeverTargets targets, IOptions<HostedToolsOptions> hosted)
{
    /// <summary>The tools by name, each with its title.</summary>
    public IReadOnlyList<(string Name, string Title)> Tools { get; } = [.. targets.Tools.Concat(Hosted(hosted.Value)).DistinctBy(tool => tool.Name)];

    /// <summary>The agents by id, each with its name.</summary>
    public Task<IReadOnlyList<(string Id, string Name)>> ReadAgentsAsync(CancellationToken cancellationToken) => targets.ReadAgentsAsync(cancellationToken);

    private static IEnumerable<(string Name, string Title)> Hosted(HostedToolsOptions options)
    {
        if (options.WebSearch.Enabled)
        {
            yield return ("web_search", SupervisionRulesText.WebSearch);
        }

        if (options.FileSearch.VectorStoreIds.Count > 0)
        {
            yield return ("file_search", SupervisionRulesText.FileSearch);
        }

        if (options.CodeInterpreter.Enabled)
        {
            yield return ("code_interpreter", SupervisionRulesText.CodeInterpreter);
        }

        if (options.ImageGeneration.Enabled)
        {
            yield return ("image_generation", SupervisionRulesText.ImageGeneration);
        }

        foreach (var (label, server) in options.Mcp.OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            foreach (var tool in server.AllowedTools)
            {
                yield return (tool, SupervisionRulesText.ToolOf(tool, label));
            }
        }
    }
}
