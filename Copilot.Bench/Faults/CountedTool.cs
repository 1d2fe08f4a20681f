using System.Text.Json;
using Copilot.Domain.Tools;

namespace Copilot.Bench.Faults;

/// <summary>A tool with an effect that must not happen twice.</summary>
internal sealed class CountedTool : ITool
{
    private int _runs;

    /// <summary>How often it was invoked.</summary>
    public int Runs => Volatile.Read(ref _runs);

    public ToolDefinition Definition { get; } = new()
    {
        Name = "bench_order",
        Description = "Orders a part by its number.",
        Parameters = JsonDocument.Parse(
            """{"type":"object","properties":{"part":{"type":"string"}},"required":["part"],"additionalProperties":false}""").RootElement,
        ReadOnly = false,
        Idempotent = false,
        Parallel = false,
    };

    public Task<ToolResult> InvokeAsync(ToolContext context, JsonElement arguments, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _runs);
        return Task.FromResult(ToolResult.Ok("""{"ordered":true}"""));
    }
}
