using System.Text.Json;
using Copilot.Domain.Tools;
using Copilot.Tests.Shared.Clock;

namespace Copilot.Tests.Shared.Runs;

/// <summary>A tool whose work the test decides, and which counts how often it ran.</summary>
internal sealed class TestTool(string name, Func<CancellationToken, Task<string>> work) : ITool
{
    private readonly TaskCompletionSource _began = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private int _runs;
    private int _running;

    public bool ReadOnly { get; init; } = true;

    public bool Idempotent { get; init; } = true;

    public bool Parallel { get; init; } = true;

    public TimeSpan? Deadline { get; init; }

    /// <summary>How often it was invoked.</summary>
    public int Runs => Volatile.Read(ref _runs);

    /// <summary>How many invocations were at work at once, at most.</summary>
    public int MostAtOnce { get; private set; }

    /// <summary>Completes when it is invoked for the first time: later than its call is recorded as started.</summary>
    public Task Began => _began.Task.Soon($"the tool {name} is invoked");

    public ToolDefinition Definition => new()
    {
        Name = name,
        Description = "A tool of the tests.",
        Parameters = JsonDocument.Parse("""{"type":"object","properties":{},"required":[],"additionalProperties":false}""").RootElement,
        ReadOnly = ReadOnly,
        Idempotent = Idempotent,
        Parallel = Parallel,
        Deadline = Deadline,
    };

    public async Task<ToolResult> InvokeAsync(ToolContext context, JsonElement arguments, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _runs);
        Count(1);
        _began.TrySetResult();
        try
        {
            return ToolResult.Ok(await work(cancellationToken));
        }
        finally
        {
            Count(-1);
        }
    }

    private void Count(int change)
    {
        lock (_lock)
        {
            _running += change;
            MostAtOnce = Math.Max(MostAtOnce, _running);
        }
    }
}
