using System.Text.Json.Nodes;
using Copilot.Demo.Tools;
using Copilot.Demo.Tools.Data;
using Copilot.Domain.Tools;
using Copilot.Domain.Tools.Invocation;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Copilot.Tests.Demo.Tools;

/// <summary>A started process with the demo tools, on a folder that another instance may take over.</summary>
internal sealed class DemoHost : IAsyncDisposable
{
    private readonly IHost _host;
    private int _calls;

    private DemoHost(IHost host, ManualClock clock, string databasePath)
    {
        _host = host;
        Clock = clock;
        DatabasePath = databasePath;
    }

    public ManualClock Clock { get; }

    public string DatabasePath { get; }

    public ToolRegistry Registry => _host.Services.GetRequiredService<ToolRegistry>();

    public ToolInvoker Invoker => _host.Services.GetRequiredService<ToolInvoker>();

    public DemoDatabase Database => _host.Services.GetRequiredService<DemoDatabase>();

    public static Task<DemoHost> StartAsync(string folder, ManualClock clock)
    {
        return StartAsync(folder, clock, _ => { });
    }

    public static async Task<DemoHost> StartAsync(string folder, ManualClock clock, Action<DemoToolsOptions> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = folder });
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddDemoTools();
        builder.Services.Configure<DemoToolsOptions>(options => options.Latency = TimeSpan.Zero);
        builder.Services.Configure(configure);
        var host = builder.Build();
        await host.StartAsync();
        return new DemoHost(host, clock, Path.Combine(folder, "App_Data", "demo.db"));
    }

    /// <summary>A new call, as the next one of a run.</summary>
    public Task<ToolResult> CallAsync(string tool, string arguments)
    {
        return CallAsync(tool, arguments, $"call_{Interlocked.Increment(ref _calls)}");
    }

    public Task<ToolResult> CallAsync(string tool, string arguments, string callId)
    {
        return Invoker.InvokeAsync(new ToolCall("run_1", callId, tool, arguments, "user_1"), CancellationToken.None);
    }

    /// <summary>A call that must succeed, as the JSON the model reads.</summary>
    public async Task<JsonObject> AskAsync(string tool, string arguments)
    {
        var result = await CallAsync(tool, arguments);
        Assert.True(result.Outcome == ToolOutcome.Ok, $"{tool} {arguments}: {result.Outcome}: {result.Output}");
        return JsonNode.Parse(result.Output)!.AsObject();
    }

    public long Count(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={DatabasePath};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}

/// <summary>A temporary folder that is gone after the test.</summary>
internal sealed class DemoFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("copilot-demo-").FullName;

    public void Dispose()
    {
        Directory.Delete(Path, recursive: true);
    }
}
