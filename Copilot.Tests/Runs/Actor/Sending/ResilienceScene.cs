using Copilot.Domain.Responses;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Runs.Actor.Sending;

/// <summary>A run on a scripted upstream whose tool has effects, and what its log says of every attempt.</summary>
public abstract class ResilienceScene : RunScene
{
    private protected readonly TestTool _tool = new("act", _ => Task.FromResult("acted")) { ReadOnly = false, Idempotent = false };

    private protected async Task<RunSummary> BeginAsync(Action<UpstreamOptions> configure)
    {
        _host = await RunHost.StartAsync(_upstream.BaseUrl, configure, _tool);
        return await _host.StartRunAsync("Do it");
    }

    /// <summary>Serves one round in which the tool runs; gives the socket after it received the second request.</summary>
    private protected async Task<ScriptedSocket> ToolRoundAsync()
    {
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Calls("resp_1", ("call_1", "act")));
        await socket.ReceiveAsync();
        return socket;
    }

    private protected async Task<string> OutputAsync(RunSummary run) =>
        (await _host.Database.Events.FindAsync(run.RunId, CancellationToken.None))!.OutputText;

    private protected static string? Row(IReadOnlyList<RunEvent> events) =>
        events.Single(e => e.Type == RunEventTypes.AttemptRetryScheduled).Text("row");

    /// <summary>The steps come in this order, whatever lies between them.</summary>
    private protected static void AssertSteps(IReadOnlyList<RunEvent> events, params string[] steps)
    {
        var types = events.Select(e => e.Type).ToList();
        var from = 0;
        foreach (var step in steps)
        {
            var found = types.IndexOf(step, from);
            Assert.True(found >= 0, $"{step} is missing after event {from} in: {string.Join(", ", types)}");
            from = found + 1;
        }
    }
}
