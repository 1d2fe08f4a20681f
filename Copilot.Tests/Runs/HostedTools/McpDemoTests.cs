using System.Text.Json;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.HostedTools;
using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Upstream;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Runs.HostedTools;

/// <summary>An MCP server's call that a person decides about, against an upstream that checks every pairing.</summary>
public sealed class McpDemoTests
{
    private const string Question = "Ask the billing server to refund Contoso";

    [Theory]
    [InlineData(TransportChoice.WebSocket, "delta")]
    [InlineData(TransportChoice.Http, "full")]
    public async Task Approve_TheUpstreamMakesTheCall(TransportChoice transport, string mode)
    {
        await using var upstream = await DemoUpstreamHost.StartAsync();
        await using var host = await StartAsync(upstream, transport);
        var (run, asked) = await AskAsync(host);
        Assert.Equal("refund", asked.Name);
        Assert.Equal("billing", asked.ServerLabel);

        Assert.IsType<CommandOutcome.Accepted>(await DecideAsync(host, new RunCommand.Approve(RunHost.Owner, asked.CallId, null), run));
        var events = await host.RestAsync(run);

        Assert.Equal(RunEventTypes.RunCompleted, events[^1].Type);
        Assert.Equal(mode, events.Last(e => e.Type == RunEventTypes.AttemptSent).Text("mode"));
        var call = events.Select(e => e.Upstream).OfType<OutputItemEvent>().Single(e => e is { Done: true, Item.Type: "mcp_call" }).Item;
        using var json = JsonDocument.Parse(call.Json);
        Assert.Equal(asked.CallId, json.RootElement.GetProperty("approval_request_id").GetString());
    }

    [Fact]
    public async Task Deny_NothingIsCalledAndTheConversationGoesOn()
    {
        await using var upstream = await DemoUpstreamHost.StartAsync();
        await using var host = await StartAsync(upstream, TransportChoice.WebSocket);
        var (run, asked) = await AskAsync(host);

        await DecideAsync(host, new RunCommand.Deny(RunHost.Owner, asked.CallId, "too dear"), run);
        var events = await host.RestAsync(run);
        var next = await host.StartRunAsync("Hello again");
        var after = await host.RestAsync(next.RunId);

        Assert.DoesNotContain(events, e => e.Upstream is OutputItemEvent { Item.Type: "mcp_call" });
        Assert.Contains("too dear", (await host.Database.Events.FindAsync(run, CancellationToken.None))!.OutputText, StringComparison.Ordinal);
        Assert.Equal(RunEventTypes.RunCompleted, after[^1].Type);
    }

    [Fact]
    public async Task Stop_WhileItWaits_DoesNotPoisonTheConversation()
    {
        await using var upstream = await DemoUpstreamHost.StartAsync();
        await using var host = await StartAsync(upstream, TransportChoice.WebSocket);
        var (run, _) = await AskAsync(host);

        await host.Runs.AskAsync(run, new RunCommand.Stop(RunHost.Owner, null), CancellationToken.None);
        await host.RestAsync(run);
        var next = await host.StartRunAsync("Hello again");

        Assert.Equal(RunEventTypes.RunCompleted, (await host.RestAsync(next.RunId))[^1].Type);
    }

    private static Task<RunHost> StartAsync(DemoUpstreamHost upstream, TransportChoice transport) => RunHost.StartWithAsync(
        upstream.BaseAddress,
        services =>
        {
            services.Configure<UpstreamOptions>(options =>
            {
                options.ApiKey = DemoUpstreamHost.Key;
                options.Transport = transport;
            });
            services.Configure<HostedToolsOptions>(options => options.Mcp["billing"] = new McpServerOptions
            {
                Url = new Uri("https://billing.example.com/mcp"),
                AllowedTools = ["refund"],
            });
        });

    private static async Task<(string RunId, PendingApproval Asked)> AskAsync(RunHost host)
    {
        var run = await host.StartRunAsync(Question);
        await host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);
        var summary = await host.Database.Events.FindAsync(run.RunId, CancellationToken.None);
        return (run.RunId, Assert.Single(summary!.PendingApprovals));
    }

    private static Task<CommandOutcome> DecideAsync(RunHost host, RunCommand.Decision decision, string runId) =>
        host.Runs.AskAsync(runId, decision, CancellationToken.None).Soon("the decision is answered");
}
