using System.Buffers;
using System.Text.Json;
using Copilot.Domain.Responses;
using Copilot.Domain.Tools;

namespace Copilot.Domain.Runs;

/// <summary>What stays the same between the requests of a run: the agent's part of a request.</summary>
internal static class RunSettings
{
    /// <summary>The settings of a run's requests.</summary>
    public static ResponseSettings Of(
        AgentSnapshot agent, string sessionId, IReadOnlyDictionary<string, string> metadata, UpstreamOptions upstream, ToolRegistry tools) => new()
        {
            Model = agent.Model ?? upstream.Model,
            Instructions = agent.Instructions,
            Tools = ToolsOf(agent, tools),
            Store = upstream.Store,
            ReasoningEffort = upstream.ReasoningEffort,
            ReasoningSummary = upstream.ReasoningSummary,
            PromptCacheKey = sessionId,
            Metadata = metadata,
        };

    /// <summary>True when the agent may call the tool.</summary>
    public static bool Allows(AgentSnapshot agent, string toolName) => agent.Tools?.Contains(toolName) ?? true;

    private static ReadOnlyMemory<byte> ToolsOf(AgentSnapshot agent, ToolRegistry tools)
    {
        var allowed = tools.Definitions.Where(tool => Allows(agent, tool.Name)).ToArray();
        if (allowed.Length == 0)
        {
            return ReadOnlyMemory<byte>.Empty;
        }

        var buffer = new ArrayBufferWriter<byte>(4_096);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            foreach (var tool in allowed)
            {
                writer.WriteStartObject();
                writer.WriteString("type", "function");
                writer.WriteString("name", tool.Name);
                writer.WriteString("description", tool.Description);
                writer.WritePropertyName("parameters");
                tool.Parameters.WriteTo(writer);
                writer.WriteBoolean("strict", true);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        return buffer.WrittenMemory;
    }
}
