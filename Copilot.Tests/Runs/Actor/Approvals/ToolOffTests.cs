using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Tools;
using Copilot.Domain.Tools.Switches;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Runs;
using Microsoft.Extensions.DependencyInjection;
using static Copilot.Tests.Runs.Actor.Approvals.ApprovalScene;

namespace Copilot.Tests.Runs.Actor.Approvals;

/// <summary>A tool that is switched off while runs know it.</summary>
public sealed class ToolOffTests
{
    [Fact]
    public async Task Call_OfAToolThatIsOff_AsksNobodyIsNotCarriedOutAndTellsTheModel()
    {
        var board = new ToolSwitchBoard();
        await using var scene = await StartAsync(add: services => services.AddSingleton<IToolSwitches>(board));
        var run = await scene.Host.StartRunAsync("Order two pumps");
        var socket = await scene.Upstream.NextSocketAsync();
        var first = await socket.ReceiveAsync();
        board.SwitchOff("orders_place");
        await socket.SendAsync([Shared.Upstream.Frames.Created("resp_1"), OrderCall(), Shared.Upstream.Frames.Completed("resp_1")]);

        var (frame, events) = await scene.FinishAsync(run.RunId, socket);

        Assert.Contains("orders_place", first, StringComparison.Ordinal);
        Assert.Empty(scene.Order.Orders);
        Assert.Equal(ToolSentences.SwitchedOff("orders_place"), Assert.Single(Outputs(frame, "call_1")));
        Assert.DoesNotContain(events, e => e.Type is RunEventTypes.ApprovalRequested or RunEventTypes.ToolStarted);
        Assert.Equal("call_1", events.Single(e => e.Type == RunEventTypes.ToolDenied).CallId);
    }

    [Fact]
    public async Task Call_ThatWaitedForApprovalWhenItWasSwitchedOff_IsNotCarriedOut()
    {
        var board = new ToolSwitchBoard();
        await using var scene = await StartAsync(add: services => services.AddSingleton<IToolSwitches>(board));
        var (run, socket) = await scene.AskAsync(OrderCall());
        await scene.Host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);
        board.SwitchOff("orders_place");

        Assert.IsType<CommandOutcome.Accepted>(await scene.ApproveAsync(run.RunId));
        var (frame, _) = await scene.FinishAsync(run.RunId, socket);

        Assert.Empty(scene.Order.Orders);
        Assert.Equal(ToolSentences.SwitchedOff("orders_place"), Assert.Single(Outputs(frame, "call_1")));
    }

    [Fact]
    public async Task Run_ThatStartsWhileAToolIsOff_IsNotOfferedIt()
    {
        var board = new ToolSwitchBoard();
        board.SwitchOff("orders_place");
        await using var scene = await StartAsync(add: services => services.AddSingleton<IToolSwitches>(board));
        await scene.Host.StartRunAsync("Order two pumps");

        var first = await (await scene.Upstream.NextSocketAsync()).ReceiveAsync();

        Assert.DoesNotContain("orders_place", first, StringComparison.Ordinal);
        Assert.Contains("\"read\"", first, StringComparison.Ordinal);
    }
}
