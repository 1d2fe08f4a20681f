using System.Collections.Concurrent;
using System.Text.Json;
using Copilot.Domain.Tools;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Soak;

/// <summary>The tools of the soak and what they have done: one that reads, one that writes, one that writes once per call.</summary>
internal sealed class SoakTools(TimeProvider time)
{
    public const string Look = "look_up";
    public const string Act = "act";
    public const string Book = "book";

    /// <summary>How often the effect of a call happened.</summary>
    public ConcurrentDictionary<ToolIdempotencyKey, int> Effects { get; } = new();

    public ITool[] All =>
    [
        new Tool(time, Look, readOnly: true, idempotent: true, parallel: true, _ => "looked"),
        new Tool(time, Act, readOnly: false, idempotent: false, parallel: false, key => $"acted {Effects.AddOrUpdate(key, 1, (_, before) => before + 1)}"),

        // Keeps its key, as a tool that may be repeated has to: the second time it only tells what it did.
        new Tool(time, Book, readOnly: false, idempotent: true, parallel: true, key => Effects.TryAdd(key, 1) ? "booked" : "booked before"),
    ];

    private sealed class Tool(
        TimeProvider time, string name, bool readOnly, bool idempotent, bool parallel, Func<ToolIdempotencyKey, string> effect) : ITool
    {
        public ToolDefinition Definition { get; } = new()
        {
            Name = name,
            Description = "A tool of the soak.",
            Parameters = JsonDocument.Parse(
                """{"type":"object","properties":{"subject":{"type":"string"}},"required":["subject"],"additionalProperties":false}""").RootElement,
            ReadOnly = readOnly,
            Idempotent = idempotent,
            Parallel = parallel,
        };

        public async Task<ToolResult> InvokeAsync(ToolContext context, JsonElement arguments, CancellationToken cancellationToken)
        {
            // A scope of the call's own, which has to end as well.
            context.Services.GetRequiredService<ScopeProbe>();
            var output = effect(context.IdempotencyKey);

            // Long enough to be met by a stop or a shutdown; the effect has happened by then.
            await Task.Delay(TimeSpan.FromMilliseconds(context.CallId[^1] % 32), time, cancellationToken);
            return ToolResult.Ok(output);
        }
    }
}
