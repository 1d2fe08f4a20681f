using System.Text.Json;
using Copilot.Domain.Runs.Events;
using Microsoft.Extensions.Options;

namespace Copilot.Domain.Runs.HostedTools;

/// <summary>
/// The hosted tools that are configured, and how a request declares them. A run remembers types and labels
/// (<see cref="AgentSnapshot.HostedTools"/>); addresses and secrets are read from the configuration at every request.
/// </summary>
internal sealed class HostedToolCatalog(IOptions<HostedToolsOptions> options)
{
    private readonly HostedToolsOptions _options = options.Value;

    /// <summary>Every tool that is configured, always in the same order.</summary>
    public IReadOnlyList<HostedToolRef> Offered { get; } = [.. Configured(options.Value)];

    /// <summary>Blots the configured secrets out of what an upstream sends.</summary>
    public SecretMask Secrets { get; } = new(options.Value.Mcp.Values
        .SelectMany(server => server.Headers.Values.Append(server.Authorization)).OfType<string>());

    /// <summary>The creation with the tools its agent is offered: its own, else all.</summary>
    public RunCreation Offer(RunCreation creation) =>
        creation with { Agent = creation.Agent with { HostedTools = creation.Agent.HostedTools ?? Offered } };

    /// <summary>The tools that a run has and that are still configured.</summary>
    public IReadOnlyList<HostedToolRef> Of(AgentSnapshot agent) =>
        agent.HostedTools is { Count: > 0 } wanted ? [.. Offered.Where(wanted.Contains)] : [];

    /// <summary>Whether somebody else than who asked must approve a call of an MCP server's tool. Where the upstream does not say which server's, one that demands it is enough.</summary>
    public bool NeedsOther(string? label, string tool) =>
        label is not null && _options.Mcp.TryGetValue(label, out var server) ? server.NeedsOther(tool) : _options.Mcp.Values.Any(one => one.NeedsOther(tool));

    /// <summary>The <c>include</c> values that bring what people want to see of these tools.</summary>
    public static IReadOnlyList<string> Includes(IReadOnlyList<HostedToolRef> tools)
    {
        var includes = new List<string>();
        foreach (var tool in tools)
        {
            switch (tool.Type)
            {
                case "web_search":
                    includes.Add("web_search_call.action.sources");
                    break;
                case "file_search":
                    includes.Add("file_search_call.results");
                    break;
                case "code_interpreter":
                    includes.Add("code_interpreter_call.outputs");
                    break;
            }
        }

        return includes;
    }

    /// <summary>Writes one entry of the API's <c>tools</c>.</summary>
    public void Write(Utf8JsonWriter writer, HostedToolRef tool)
    {
        writer.WriteStartObject();
        writer.WriteString("type", tool.Type);
        switch (tool.Type)
        {
            case "web_search":
                Write(writer, _options.WebSearch);
                break;
            case "file_search":
                WriteList(writer, "vector_store_ids", _options.FileSearch.VectorStoreIds);
                if (_options.FileSearch.MaxResults is { } most)
                {
                    writer.WriteNumber("max_num_results", most);
                }

                break;
            case "code_interpreter":
                writer.WriteStartObject("container");
                writer.WriteString("type", "auto");
                WriteIfSet(writer, "memory_limit", _options.CodeInterpreter.Memory);
                writer.WriteEndObject();
                break;
            case "image_generation":
                Write(writer, _options.ImageGeneration);
                break;
            case "mcp":
                Write(writer, tool.Label!, _options.Mcp[tool.Label!]);
                break;
        }

        writer.WriteEndObject();
    }

    private static IEnumerable<HostedToolRef> Configured(HostedToolsOptions options)
    {
        if (options.WebSearch.Enabled)
        {
            yield return new HostedToolRef("web_search", null);
        }

        if (options.FileSearch.VectorStoreIds.Count > 0)
        {
            yield return new HostedToolRef("file_search", null);
        }

        if (options.CodeInterpreter.Enabled)
        {
            yield return new HostedToolRef("code_interpreter", null);
        }

        if (options.ImageGeneration.Enabled)
        {
            yield return new HostedToolRef("image_generation", null);
        }

        foreach (var label in options.Mcp.Keys.Order(StringComparer.Ordinal))
        {
            yield return new HostedToolRef("mcp", label);
        }
    }

    private static void Write(Utf8JsonWriter writer, WebSearchToolOptions search)
    {
        WriteIfSet(writer, "search_context_size", search.ContextSize);
        if (search.AllowedDomains.Count > 0)
        {
            writer.WriteStartObject("filters");
            WriteList(writer, "allowed_domains", search.AllowedDomains);
            writer.WriteEndObject();
        }

        if (search.Country is { } country)
        {
            writer.WriteStartObject("user_location");
            writer.WriteString("type", "approximate");
            writer.WriteString("country", country);
            writer.WriteEndObject();
        }
    }

    private static void Write(Utf8JsonWriter writer, ImageGenerationToolOptions images)
    {
        WriteIfSet(writer, "size", images.Size);
        WriteIfSet(writer, "quality", images.Quality);
        WriteIfSet(writer, "output_format", images.Format);
        if (images.PartialImages > 0)
        {
            writer.WriteNumber("partial_images", images.PartialImages);
        }
    }

    private static void Write(Utf8JsonWriter writer, string label, McpServerOptions server)
    {
        writer.WriteString("server_label", label);
        writer.WriteString("server_url", server.Url!.AbsoluteUri);
        WriteIfSet(writer, "server_description", server.Description);
        WriteIfSet(writer, "authorization", server.Authorization);
        if (server.Headers.Count > 0)
        {
            writer.WriteStartObject("headers");
            foreach (var (name, value) in server.Headers.OrderBy(header => header.Key, StringComparer.OrdinalIgnoreCase))
            {
                writer.WriteString(name, value);
            }

            writer.WriteEndObject();
        }

        if (server.AllowedTools.Count > 0)
        {
            WriteList(writer, "allowed_tools", server.AllowedTools);
        }

        var (rule, other) = server.RequireApproval is McpApproval.Always ? ("always", "never") : ("never", "always");
        if (server.ApprovalExceptions.Count == 0)
        {
            writer.WriteString("require_approval", rule);
            return;
        }

        // What neither list names needs approval.
        writer.WriteStartObject("require_approval");
        writer.WriteStartObject(other);
        WriteList(writer, "tool_names", server.ApprovalExceptions);
        writer.WriteEndObject();
        if (server.RequireApproval is McpApproval.Never)
        {
            writer.WriteStartObject("never");
            WriteList(writer, "tool_names", [.. server.AllowedTools.Except(server.ApprovalExceptions, StringComparer.Ordinal)]);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteIfSet(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    private static void WriteList(Utf8JsonWriter writer, string name, IEnumerable<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }
}
