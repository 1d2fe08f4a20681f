using Copilot.Domain.Responses;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.HostedTools;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Upstream;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Runs.HostedTools;

public sealed class MaskedEventsTests
{
    private const int Budget = 4_096;

    [Fact]
    public async Task Run_SecretIsEchoedAndThenAnEventLargerThanTheBudget_Completes()
    {
        var secret = "Bearer " + new string('s', 200);
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var host = await RunHost.StartWithAsync(upstream.BaseUrl, services => services
            .Configure<UpstreamOptions>(options => options.Transport = TransportChoice.WebSocket)
            .Configure<RunOptions>(options => options.MaxUnwrittenBytes = Budget)
            .Configure<HostedToolsOptions>(options => options.Mcp["crm"] = new McpServerOptions
            {
                Url = new Uri("https://crm.example/mcp"),
                Authorization = secret,
            }));

        var run = await host.StartRunAsync("Hello");
        var socket = await upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync(
            $$$"""{"type":"response.created","response":{"id":"resp_1","status":"in_progress","tools":[{"authorization":"{{{secret}}}"}]}}""",
            Frames.Message(new string('w', Budget + 1)),
            Frames.Completed("resp_1"));

        var events = await host.RestAsync(run.RunId);
        Assert.Equal(RunEventTypes.RunCompleted, events[^1].Type);
    }
}
