using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Copilot.Demo.Upstream.Model;

/// <summary>What the model does in one response.</summary>
/// <param name="Thought">Its reasoning summary, or null if it does not reason.</param>
/// <param name="Steps">Calls of the client's tools, or what this server does itself and one message.</param>
internal sealed record ModelPlan(string? Thought, ImmutableArray<PlannedStep> Steps)
{
    public static ModelPlan Answer(string text) => new(null, [new PlannedMessage(text)]);

    public static ModelPlan Answer(string thought, string text) => new(thought, [new PlannedMessage(text)]);
}

/// <summary>One output item after the reasoning.</summary>
internal abstract record PlannedStep;

/// <summary>A function call.</summary>
internal sealed record PlannedCall(string Name, JsonObject Arguments) : PlannedStep;

/// <summary>Asks the client for approval of an MCP server's tool call.</summary>
internal sealed record PlannedMcpApproval(string ServerLabel, string Name, string Arguments) : PlannedStep;

/// <summary>A call of an MCP server's tool, which the upstream makes itself.</summary>
internal sealed record PlannedMcpCall(string ServerLabel, string Name, string Arguments, string? ApprovalRequestId) : PlannedStep
{
    /// <summary>What the server answers; null for the default answer.</summary>
    public string? Output { get; init; }

    /// <summary>Why the call fails, or null.</summary>
    public string? Error { get; init; }
}

/// <summary>A message to the person, in Markdown, or the JSON of a structured answer.</summary>
internal sealed record PlannedMessage(string Text) : PlannedStep
{
    /// <summary>The places that refer to a source.</summary>
    public ImmutableArray<PlannedAnnotation> Annotations { get; init; } = [];
}
