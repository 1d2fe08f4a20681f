using System.Text;
using System.Text.Json;
using Copilot.Domain.Runs;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Runs.Actor;

public sealed class TextFormatRunTests : IAsyncLifetime
{
    private const string Format = """{"type":"json_schema","name":"part","schema":{"type":"object"}}""";

    private ScriptedUpstream _upstream = null!;
    private RunHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _upstream = await ScriptedUpstream.StartAsync();
        _host = await RunHost.StartAsync(_upstream.BaseUrl);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task Run_WithAFormat_AsksForItAndSoDoesItsRetryButNoLaterMessage()
    {
        var first = await RunAsync(RunHost.Request("One", "ses_1") with { TextFormat = Encoding.UTF8.GetBytes(Format) });
        var retry = await RunAsync(RunHost.Request("One", "ses_1") with { Parent = new RunParent.SameAs(first.RunId) });
        var next = await RunAsync(RunHost.Request("Two", "ses_1"));

        Assert.Equal(Format, first.Asked);
        Assert.Equal(Format, retry.Asked);
        Assert.Null(next.Asked);
        var created = (await _host.Database.Events.ReadAsync(retry.RunId, 0, 1, CancellationToken.None))[0];
        Assert.Equal(Format, created.Text("text_format"));
        var summary = (await _host.Database.Events.FindAsync(first.RunId, CancellationToken.None))!;
        Assert.Equal("json_schema", summary.TextFormat);
        Assert.Equal("I will not.", summary.Refusal);
        Assert.Equal("", summary.OutputText);
    }

    /// <summary>Runs a request to a refusal and gives what format was asked for.</summary>
    private async Task<(string RunId, string? Asked)> RunAsync(RunRequest request)
    {
        var run = Assert.IsType<StartOutcome.Started>(await _host.Runs.StartAsync(request, CancellationToken.None)).Run;
        var socket = await _upstream.NextSocketAsync();
        var frame = JsonDocument.Parse(await socket.ReceiveAsync()).RootElement;
        await socket.SendAsync(
        [
            Frames.Created("resp_1"),
            """{"type":"response.output_item.done","output_index":0,"item":{"id":"msg_1","type":"message","role":"assistant","content":[{"type":"refusal","refusal":"I will not."}]}}""",
            Frames.Completed("resp_1"),
        ]);
        await _host.RestAsync(run.RunId);
        return (run.RunId, frame.TryGetProperty("text", out var text) ? text.GetProperty("format").GetRawText() : null);
    }
}
