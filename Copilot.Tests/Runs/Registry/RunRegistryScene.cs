using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Runs.Registry;

/// <summary>Runs on a scripted upstream, with a tool that only reads and one that has effects.</summary>
public abstract class RunRegistryScene : IAsyncLifetime
{
    private protected readonly TaskCompletionSource<string> _tool = new();
    private protected ScriptedUpstream _upstream = null!;
    private protected RunHost _host = null!;
    private protected TestTool _write = null!;
    private protected TestTool _read = null!;

    public async ValueTask InitializeAsync()
    {
        _upstream = await ScriptedUpstream.StartAsync();
        _write = new TestTool("write", _ => _tool.Task) { ReadOnly = false, Idempotent = false };
        _read = new TestTool("read", _ => _tool.Task);
        _host = await RunHost.StartAsync(_upstream.BaseUrl, _write, _read);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _host.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    /// <summary>A run that is inside a call of this tool, and its socket.</summary>
    private protected async Task<(RunSummary Run, ScriptedSocket Socket)> InsideAsync(TestTool tool)
    {
        var run = await _host.StartRunAsync("Do it");
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Calls("resp_1", ("call_1", tool.Definition.Name)));
        await _host.SeeAsync(run.RunId, RunEventTypes.ToolStarted);
        await tool.Began;
        return (run, socket);
    }

    private protected async Task<RunSummary> AnsweredAsync(string input, string responseId, string answer)
    {
        var run = await _host.StartRunAsync(input);
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Answer(responseId, answer));
        await _host.RestAsync(run.RunId);
        return run;
    }
}
