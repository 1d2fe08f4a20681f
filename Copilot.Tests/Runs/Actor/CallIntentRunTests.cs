using System.Text.Json;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Tests.Runs.Actor.Approvals;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Upstream;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Runs.Actor;

/// <summary>What the model says a call is for is for people: no tool sees it, and nothing is decided by it.</summary>
public sealed class CallIntentRunTests
{
    private const string Own = """{"part":"pump","quantity":2}""";
    private const string Written = """{"intent":"Ordering\ntwo pumps","part":"pump","quantity":2}""";

    [Fact]
    public async Task Call_WithAnIntent_IsCarriedOutWithoutIt()
    {
        await using var scene = await ApprovalScene.StartAsync();
        var hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        scene.Order.Gate = hold.Task;
        var (run, socket) = await scene.AskAsync(ApprovalScene.Call("call_1", "orders_place", Written));
        await scene.Host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);

        var waiting = Assert.Single((await scene.Host.Database.Events.FindAsync(run.RunId, CancellationToken.None))!.PendingApprovals);
        Assert.Equal(Own, waiting.Arguments);
        Assert.Equal("Ordering two pumps", waiting.Intent);

        // What a person has not changed is no change because the model's own text was longer.
        Assert.IsType<CommandOutcome.Accepted>(await scene.ApproveAsync(run.RunId, Own));
        await scene.Host.SeeAsync(run.RunId, RunEventTypes.ToolStarted);
        var active = Assert.Single((await scene.Host.Database.Events.FindAsync(run.RunId, CancellationToken.None))!.ActiveTools);
        Assert.Equal("Ordering two pumps", active.Intent);
        hold.SetResult();
        var (frame, events) = await scene.FinishAsync(run.RunId, socket);

        Assert.Equal(new ApprovalScene.OrderPart("pump", 2), Assert.Single(scene.Order.Orders));
        Assert.Equal("Ordered 2 of pump.", Assert.Single(ApprovalScene.Outputs(frame, "call_1")));
        var requested = events.Only(RunEventTypes.ToolRequested);
        Assert.Equal(Own, requested.Text("arguments"));
        Assert.Equal("Ordering two pumps", requested.Text("intent"));
        Assert.Equal(Own, events.Only(RunEventTypes.ApprovalRequested).Text("arguments"));
        Assert.Null(events.Only(RunEventTypes.ApprovalApproved).Text("arguments"));
    }

    [Fact]
    public async Task NextRun_OfTheConversation_SendsTheModelsOwnArgumentsBack()
    {
        await using var scene = await ApprovalScene.StartAsync();
        var (run, socket) = await scene.AskAsync(ApprovalScene.Call("call_1", "orders_place", Written));
        await scene.Host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);
        await scene.ApproveAsync(run.RunId);
        await scene.FinishAsync(run.RunId, socket);
        await scene.Host.Runs.WhenIdleAsync().Soon("the run is let go");

        await scene.Host.StartRunAsync("And?");
        var next = await scene.Upstream.NextSocketAsync();
        using var frame = JsonDocument.Parse(await next.ReceiveAsync());
        await next.SendAsync(Frames.Answer("resp_3", "Nothing more."));

        var call = frame.RootElement.GetProperty("input").EnumerateArray().Single(item => item.GetProperty("type").ValueEquals("function_call"));
        Assert.Equal(Written, call.GetProperty("arguments").GetString());
    }

    [Theory]
    [InlineData(true, new[] { "intent", "part", "quantity" })]
    [InlineData(false, new[] { "part", "quantity" })]
    public async Task Request_AsksForTheIntentUnlessItIsTurnedOff(bool on, string[] asked)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var host = await RunHost.StartWithAsync(
            upstream.BaseUrl, services => services.Configure<RunOptions>(options => options.ToolIntents = on), new ApprovalScene.OrderTool());
        var run = await host.StartRunAsync("Order two pumps");
        var socket = await upstream.NextSocketAsync();
        using var frame = JsonDocument.Parse(await socket.ReceiveAsync());
        await socket.SendAsync(Frames.Answer("resp_1", "Later."));
        await host.RestAsync(run.RunId);

        var parameters = frame.RootElement.GetProperty("tools")[0].GetProperty("parameters");
        Assert.Equal(asked, parameters.GetProperty("properties").EnumerateObject().Select(property => property.Name));
        Assert.Equal(asked, parameters.GetProperty("required").EnumerateArray().Select(name => name.GetString()!));
    }
}
