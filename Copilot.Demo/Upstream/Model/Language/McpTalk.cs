using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Copilot.Demo.Upstream.Model.Skills;
using Copilot.Demo.Upstream.Protocol;
namespace Copilot.Demo.Upstream.Model.Language;

/// <summary>
/// The model's use of MCP servers: a request that names a server's label goes to its first tool, with the client's approval where the
/// request demands it. The client's answer is followed and reported.
/// </summary>
internal static class McpTalk
{
    private const int MaxRequest = 400;

    /// <summary>The next step, or null when the turn is about no MCP server.</summary>
    public static ModelPlan? TryPlan(CreateRequest request, ModelTurn turn, ImmutableArray<ConversationItem> context) =>
        Answered(context) ?? Asked(request, turn, context);

    /// <summary>Follows the answers that came last, one after another.</summary>
    private static ModelPlan? Answered(ImmutableArray<ConversationItem> context)
    {
        var answers = context.Reverse().TakeWhile(item => item.Type is not ("message" or "mcp_call"))
            .Where(item => item.Type == ToolPairing.ApprovalResponse).Reverse().ToList();
        if (answers.Count == 0)
        {
            return null;
        }

        var steps = ImmutableArray.CreateBuilder<PlannedStep>();
        var sentences = new List<string>();
        foreach (var answer in answers)
        {
            var id = answer.Json.Text(ToolPairing.ApprovalRequestId);
            var asked = context.First(item => item.Type == ToolPairing.ApprovalRequest && item.Id == id);
            var server = asked.Json.Text("server_label") ?? "";
            if (answer.Json.IsTrue("approve"))
            {
                steps.Add(new PlannedMcpCall(server, asked.Name ?? "", asked.Arguments ?? "{}", id));
                sentences.Add($"`{asked.Name}` of **{server}** did it.");
            }
            else
            {
                var why = answer.Json.Text("reason") is { Length: > 0 } reason ? $": {reason}" : ".";
                sentences.Add($"I was not allowed to use `{asked.Name}` of **{server}**{why}");
            }
        }

        steps.Add(new PlannedMessage(string.Join("\n\n", sentences)));
        return new ModelPlan("The question about the MCP server is answered.", steps.ToImmutable());
    }

    private static ModelPlan? Asked(CreateRequest request, ModelTurn turn, ImmutableArray<ConversationItem> context)
    {
        if (request.McpServers.FirstOrDefault(one => Phrases.Has(turn.Task, one.Label)) is not { } server
            || context is [.., { Type: "mcp_call" }]
            || (Phrases.Has(turn.Task, "warranty") && !server.NeedsApproval(McpSkill.Warranty)))
        {
            return null;
        }

        var tool = server.Tools[0];
        var task = turn.Task.ReplaceLineEndings(" ").Trim();
        var arguments = JsonText.Write(new JsonObject { ["request"] = task.Length > MaxRequest ? task[..MaxRequest] : task });
        return server.NeedsApproval(tool)
            ? new ModelPlan($"{server.Label} can do that, but somebody has to allow it.", [new PlannedMcpApproval(server.Label, tool, arguments)])
            : new ModelPlan(
                $"{server.Label} can do that.",
                [
                    new PlannedMcpCall(server.Label, tool, arguments, ApprovalRequestId: null),
                    new PlannedMessage($"`{tool}` of **{server.Label}** did it."),
                ]);
    }
}
