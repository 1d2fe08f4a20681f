using System.Buffers;
using System.Text.Json;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.HostedTools;
using Copilot.Domain.Tools;
using Copilot.Domain.Tools.Schemas;
using Copilot.Domain.Tools.Switches;

namespace Copilot.Domain.Runs.Actor.Sending;

/// <summary>What stays the same between the requests of a run: the agent's part of a request.</summary>
internal static class RunSettings
{
    /// <summary>The settings of a run's requests.</summary>
    public static ResponseSettings Of(
        RunCreation creation, UpstreamOptions upstream, RunOptions runs, ToolRegistry tools, HostedToolCatalog hosted, IToolSwitches switches)
    {
        var agent = creation.Agent;
        var hostedTools = hosted.Of(agent);
        return new ResponseSettings
        {
            Model = agent.Model ?? upstream.Model,
            Instructions = agent.Instructions,
            Tools = ToolsOf(agent, runs, tools, hosted, hostedTools, switches),
            Include = HostedToolCatalog.Includes(hostedTools),
            Store = upstream.Store,
            ReasoningEffort = upstream.ReasoningEffort,
            ReasoningSummary = upstream.ReasoningSummary,
            CompactThreshold = upstream.CompactThreshold,
            PromptCacheKey = creation.SessionId,
            Text = creation.TextFormat.IsEmpty ? default : (byte[])[.. "{\"format\":"u8, .. creation.TextFormat.Span, (byte)'}'],
            Metadata = creation.Metadata,
        };
    }

    /// <summary>True when the agent may call the tool.</summary>
    public static bool Allows(AgentSnapshot agent, string toolName) => agent.Tools?.Contains(toolName) ?? true;

    private static ReadOnlyMemory<byte> ToolsOf(
        AgentSnapshot agent,
        RunOptions runs,
        ToolRegistry tools,
        HostedToolCatalog hosted,
        IReadOnlyList<HostedToolRef> hostedTools,
        IToolSwitches switches)
    {
        // What is switched off later stays in the list, which the upstream has cached; it is not called.
        var allowed = tools.Definitions.Where(tool => Allows(agent, tool.Name) && !switches.IsOff(tool.Name)).ToArray();
        if (allowed.Length + hostedTools.Count == 0)
        {
            return ReadOnlyMemory<byte>.Empty;
        }

        var buffer = new ArrayBufferWriter<byte>(4_096);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            foreach (var tool in allowed)
            {
                Write(writer, tool, runs.ToolIntents && CallIntent.Fits(tool));
            }

            foreach (var tool in hostedTools)
            {
                hosted.Write(writer, tool);
            }

            writer.WriteEndArray();
        }

        return buffer.WrittenMemory;
    }

    private static void Write(Utf8JsonWriter writer, ToolDefinition tool, bool withIntent)
    {
        writer.WriteStartObject();
        writer.WriteString("type", tool.FreeText is null ? "function" : "custom");
        writer.WriteString("name", tool.Name);
        writer.WriteString("description", tool.Description);
        if (tool.FreeText is null)
        {
            writer.WritePropertyName("parameters");
            if (withIntent)
            {
                CallIntent.WriteParameters(writer, tool);
            }
            else
            {
                tool.Parameters.WriteTo(writer);
            }

            writer.WriteBoolean("strict", true);
        }
        else
        {
            writer.WriteStartObject("format");
            if (tool.FreeText.Grammar is { } grammar)
            {
                writer.WriteString("type", "grammar");
                writer.WriteString("syntax", tool.FreeText.Syntax is GrammarSyntax.Regex ? "regex" : "lark");
                writer.WriteString("definition", grammar);
            }
            else
            {
                writer.WriteString("type", "text");
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }
}
