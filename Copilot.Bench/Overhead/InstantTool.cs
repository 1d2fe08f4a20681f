using System.Text.Json;
using Copilot.Domain.Tools;

namespace Copilot.Bench.Overhead;

/// <summary>A tool that completes at once.</summary>
internal sealed class InstantTool : ITool
{
    private static readonly ToolDefinition s_definition = new()
    {
        Name = "bench_lookup",
        Description = "Looks a part up by its number and returns its record.",
        Parameters = JsonDocument.Parse(
            """{"type":"object","properties":{"part":{"type":"string"},"site":{"type":"string"}},"required":["part","site"],"additionalProperties":false}""").RootElement,
        ReadOnly = true,
        Idempotent = true,
        Parallel = true,
    };

    private static readonly Task<ToolResult> s_result = Task.FromResult(ToolResult.Ok("""{"part":"PX-1","stock":3}"""));

    public ToolDefinition Definition => s_definition;

    public Task<ToolResult> InvokeAsync(ToolContext context, JsonElement arguments, CancellationToken cancellationToken) => s_result;
}
