using System.Collections.Immutable;
using System.Text.Json;
using Copilot.Demo.Upstream.Faults;
using Copilot.Demo.Upstream.Http;
using Copilot.Demo.Upstream.Model;
namespace Copilot.Demo.Upstream.Protocol;

/// <summary>A valid request for a response, over either transport. The body is flat (protocol §2.1).</summary>
internal sealed record CreateRequest
{
    /// <summary>The whole body, for the fields that the response only echoes.</summary>
    public required JsonElement Body { get; init; }

    public required string Model { get; init; }

    public required string? Instructions { get; init; }

    public required ImmutableArray<ConversationItem> Input { get; init; }

    public required string? PreviousResponseId { get; init; }

    public required bool Store { get; init; }

    /// <summary>False for a warm-up.</summary>
    public required bool Generate { get; init; }

    public required bool Stream { get; init; }

    public required bool Obfuscate { get; init; }

    public required ImmutableArray<FunctionTool> Tools { get; init; }

    /// <summary>The MCP servers it offers.</summary>
    public required IReadOnlyList<McpServer> McpServers { get; init; }

    /// <summary>The tools that this server runs itself.</summary>
    public required ImmutableArray<HostedTool> HostedTools { get; init; }

    /// <summary>The client's tools that take free text.</summary>
    public required ImmutableArray<CustomTool> CustomTools { get; init; }

    public required ToolChoice ToolChoice { get; init; }

    public required bool ParallelToolCalls { get; init; }

    public required int? MaxOutputTokens { get; init; }

    public required ImmutableDictionary<string, string> Metadata { get; init; }

    /// <summary>True when it is generated independently of the client. HTTP only.</summary>
    public required bool Background { get; init; }

    /// <summary>Number of input tokens above which the server compacts the conversation, or null.</summary>
    public required int? CompactThreshold { get; init; }

    /// <summary>The fault requested in its metadata, or null.</summary>
    public required DemoFault? Fault { get; init; }

    /// <summary>Scope of the fault counters: the requests of one <c>prompt_cache_key</c>, else of the process.</summary>
    public string FaultScope => Body.Text("prompt_cache_key") ?? string.Empty;

    public required bool IncludeEncryptedReasoning { get; init; }

    public required bool IncludeSources { get; init; }

    public required bool IncludeResults { get; init; }

    public required bool IncludeOutputs { get; init; }

    public required bool SummarizeReasoning { get; init; }

    /// <summary>False when the client asked for no effort at all.</summary>
    public required bool Reason { get; init; }

    /// <summary>The schema the answer has to match, or null for prose.</summary>
    public required JsonElement? AnswerSchema { get; init; }
}
