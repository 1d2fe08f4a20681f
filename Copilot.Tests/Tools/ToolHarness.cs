using System.Text.Json;
using System.Threading.Channels;
using Copilot.Domain.Tools;
using Copilot.Domain.Tools.Invocation;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Copilot.Tests.Tools;

/// <summary>An invoker with the given tools on a manual clock, as AddTools wires it.</summary>
internal sealed class ToolHarness : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public ToolHarness(Action<IServiceCollection> configure)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Clock);
        services.AddSingleton<ILogger<ToolInvoker>>(Log);
        services.AddTools();
        configure(services);
        _services = services.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true });
    }

    public ManualClock Clock { get; } = new();

    public ToolLog Log { get; } = new();

    public ToolInvoker Invoker => _services.GetRequiredService<ToolInvoker>();

    public static ToolHarness Of(params ITool[] tools)
    {
        return new ToolHarness(services =>
        {
            foreach (var tool in tools)
            {
                services.AddSingleton(tool);
            }
        });
    }

    public static ToolCall Call(string name, string arguments)
    {
        return new ToolCall("run_1", "call_1", name, arguments, "user_1");
    }

    public Task<ToolResult> InvokeAsync(string name, string arguments)
    {
        return Invoker.InvokeAsync(Call(name, arguments), CancellationToken.None);
    }

    public ValueTask DisposeAsync()
    {
        return _services.DisposeAsync();
    }
}

/// <summary>A tool whose definition and work the test gives.</summary>
internal sealed class ScriptedTool(ToolDefinition definition, Func<ToolContext, JsonElement, CancellationToken, Task<ToolResult>> work) : ITool
{
    private const string NoArguments = """{"type":"object","properties":{},"required":[],"additionalProperties":false}""";

    public ScriptedTool(string name, Func<ToolContext, JsonElement, CancellationToken, Task<ToolResult>> work)
        : this(Defined(name), work)
    {
    }

    public ToolDefinition Definition { get; } = definition;

    public static ToolDefinition Defined(string name)
    {
        return new ToolDefinition { Name = name, Description = "A test tool.", Parameters = Schema(NoArguments) };
    }

    public static JsonElement Schema(string json)
    {
        return JsonDocument.Parse(json).RootElement;
    }

    public Task<ToolResult> InvokeAsync(ToolContext context, JsonElement arguments, CancellationToken cancellationToken)
    {
        return work(context, arguments, cancellationToken);
    }
}

/// <summary>Keeps what the invoker logs and lets a test await a line.</summary>
internal sealed class ToolLog : ILogger<ToolInvoker>
{
    private readonly Channel<Line> _lines = Channel.CreateUnbounded<Line>();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
    {
        return null;
    }

    public bool IsEnabled(LogLevel logLevel)
    {
        return true;
    }

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        _lines.Writer.TryWrite(new Line(logLevel, formatter(state, exception), exception));
    }

    /// <summary>The next line of this level that has not been read yet; lines before it are skipped.</summary>
    public async Task<Line> NextAsync(LogLevel level)
    {
        using var patience = new CancellationTokenSource(Waiting.Limit);
        var skipped = new List<Line>();
        try
        {
            while (true)
            {
                var line = await _lines.Reader.ReadAsync(patience.Token);
                if (line.Level == level)
                {
                    return line;
                }

                skipped.Add(line);
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"No line of level {level} was logged, only: {string.Join(" | ", skipped)}");
        }
    }

    public IReadOnlyList<Line> Rest()
    {
        var rest = new List<Line>();
        while (_lines.Reader.TryRead(out var line))
        {
            rest.Add(line);
        }

        return rest;
    }

    public sealed record Line(LogLevel Level, string Text, Exception? Exception);
}
