using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Copilot.Demo.Upstream.Http;
using Copilot.Demo.Upstream.Model.Language;
using Copilot.Demo.Upstream.Protocol;
namespace Copilot.Demo.Upstream.Model.Skills;

/// <summary>
/// Calls the tools of the sample MCP server. It asks for their list once in a conversation; any label is the same server.
/// </summary>
internal sealed partial class McpSkill : ISkill
{
    /// <summary>The only tool that it has.</summary>
    public const string Warranty = "lookup_warranty";

    public ModelPlan? TryPlan(ModelTurn turn)
    {
        if (!Phrases.HasAny(turn.Task, "warranty", "mcp"))
        {
            return null;
        }

        var server = turn.HostedTools.FirstOrDefault(tool => tool.Type == "mcp" && Phrases.Has(turn.Task, tool.Label)) ?? turn.Hosted("mcp");
        if (server is null)
        {
            return null;
        }

        var steps = new List<PlannedStep>();
        if (!turn.ListedServers.Contains(server.Label))
        {
            steps.Add(new PlannedMcpTools(server.Label, Tools()));
        }

        var serial = Serial().Match(turn.Task) is { Success: true } match ? match.Value.ToUpperInvariant() : null;
        if (serial is null)
        {
            const string Complaint = "The argument 'serial' is missing: give a serial number like CP40-1234.";
            steps.Add(Call(server, string.Empty) with { Error = Complaint });
            steps.Add(new PlannedMessage($"The server **{server.Label}** needs a serial number, like CP40-1234. Which one is it?"));
        }
        else if (new McpServer(server.Label, [Warranty], server.Json.Member("require_approval")).NeedsApproval(Warranty))
        {
            steps.Add(new PlannedMcpApproval(server.Label, Warranty, Call(server, serial).Arguments));
        }
        else
        {
            var year = 2027 + (serial.Sum(character => character) % 4);
            var output = $$"""{"serial":"{{serial}}","covered":true,"until":"{{year}}-12-31","terms":"parts and labour"}""";
            steps.Add(Call(server, serial) with { Output = output });
            steps.Add(new PlannedMessage($"**{serial}** is under warranty until 31 December {year}, parts and labour, says the server **{server.Label}**."));
        }

        return new ModelPlan($"The server {server.Label} knows that.", [.. steps]);
    }

    private static PlannedMcpCall Call(HostedTool server, string serial) =>
        new(server.Label, Warranty, JsonText.Write(new JsonObject { ["serial"] = serial }), ApprovalRequestId: null);

    private static JsonArray Tools() =>
    [
        new JsonObject
        {
            ["name"] = Warranty,
            ["description"] = "Looks up how long a piece of equipment is under warranty.",
            ["input_schema"] = new JsonObject
            {
                ["type"] = "object",
                ["properties"] = new JsonObject { ["serial"] = new JsonObject { ["type"] = "string" } },
                ["required"] = new JsonArray("serial"),
                ["additionalProperties"] = false,
            },
            ["annotations"] = new JsonObject { ["read_only"] = true },
        },
    ];

    [GeneratedRegex(@"\b[A-Z]{1,4}\d{0,4}-\d{2,8}\b", RegexOptions.IgnoreCase)]
    private static partial Regex Serial();
}
