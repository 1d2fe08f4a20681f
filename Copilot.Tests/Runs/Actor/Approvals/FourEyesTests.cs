using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Grants;
using Copilot.Domain.Runs.HostedTools;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;
using static Copilot.Tests.Runs.Actor.Approvals.ApprovalScene;

namespace Copilot.Tests.Runs.Actor.Approvals;

/// <summary>Calls that somebody else than who asked must approve.</summary>
public sealed class FourEyesTests
{
    [Fact]
    public async Task Approve_FourEyes_IsNotForWhoAsked()
    {
        await using var scene = await StartAsync(options => options.FourEyes.AddRange(["orders_place", "read"]));
        var (run, socket) = await scene.AskAsync(OrderCall(), Call("call_2", "read", "", index: 1));
        await scene.Host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);

        Assert.IsType<CommandOutcome.OtherMustApprove>(await scene.ApproveAsync(run.RunId));
        Assert.IsType<CommandOutcome.OtherMustApprove>(await scene.ApproveAsync(run.RunId, "{}", "call_2"));
        Assert.Empty(scene.Order.Orders);
        Assert.IsType<CommandOutcome.Accepted>(await scene.DecideAsync(run.RunId, new RunCommand.Approve(ApprovalScene.Supervisor, "call_1", null)));

        // Not to carry out what one has asked for oneself needs nobody else.
        Assert.IsType<CommandOutcome.Accepted>(await scene.DecideAsync(run.RunId, new RunCommand.Deny(RunHost.Owner, "call_2", null)));
        var (frame, events) = await scene.FinishAsync(run.RunId, socket);

        Assert.Equal("Ordered 2 of pump.", Assert.Single(Outputs(frame, "call_1")));
        Assert.Equal(0, scene.Read.Runs);
        Assert.All(events.Where(e => e.Type == RunEventTypes.ApprovalRequested), e => Assert.True(((ApprovalRequested)e.Payload!).OtherApprover));
        Assert.Equal(ApprovalScene.Supervisor.Id, events.Only(RunEventTypes.ApprovalApproved).Actor!.Id);
    }

    [Theory]
    [InlineData("refund", true, true)]
    [InlineData("*", true, true)]
    [InlineData("other", true, false)]
    [InlineData("refund", false, true)]
    public async Task Approve_FourEyesOfAnMcpTool_IsNotForWhoAsked_AndNoPermissionStands(string fourEyes, bool isLabelled, bool needsOther)
    {
        await using var scene = await StartAsync(add: services =>
        {
            services.Configure<HostedToolsOptions>(options => options.Mcp["billing"] = new McpServerOptions { Url = new Uri("https://billing.example/mcp"), FourEyes = [fourEyes] });
            services.AddSingleton<IApprovalGrants>(new Everything());
        });
        var (run, socket) = await scene.AskAsync(isLabelled ? McpRequest("mcpr_1") : McpRequest("mcpr_1").Replace("\"server_label\":\"billing\",", "", StringComparison.Ordinal));
        if (needsOther)
        {
            await scene.Host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);
            Assert.IsType<CommandOutcome.OtherMustApprove>(await scene.ApproveAsync(run.RunId, callId: "mcpr_1"));
            Assert.IsType<CommandOutcome.Accepted>(await scene.DecideAsync(run.RunId, new RunCommand.Approve(ApprovalScene.Supervisor, "mcpr_1", null)));
        }

        var (frame, events) = await scene.FinishAsync(run.RunId, socket);
        Assert.Contains("\"approve\":true", frame.GetRawText().Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(needsOther ? ApprovalScene.Supervisor.Id : RunHost.Owner.Id, events.Only(RunEventTypes.ApprovalApproved).Actor!.Id);
    }

    [Fact]
    public async Task Approve_FourEyesAndASupervisorWhoHasWrittenInTheRun_NeedsAThird()
    {
        await using var scene = await StartAsync(options => options.FourEyes.Add("orders_place"));
        var (run, socket) = await scene.AskAsync(OrderCall());
        await scene.Host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);
        Assert.IsType<CommandOutcome.Accepted>(await scene.Host.Runs.AskAsync(
            run.RunId, new RunCommand.Steer(ApprovalScene.Supervisor, "steer_1", "Order ten"), CancellationToken.None));

        Assert.IsType<CommandOutcome.OtherMustApprove>(
            await scene.DecideAsync(run.RunId, new RunCommand.Approve(ApprovalScene.Supervisor, "call_1", null)));
        Assert.IsType<CommandOutcome.Accepted>(
            await scene.DecideAsync(run.RunId, new RunCommand.Approve(new EventActor("usr_third", "Admin"), "call_1", null)));

        await scene.FinishAsync(run.RunId, socket);
        Assert.Single(scene.Order.Orders);
    }

    private sealed class Everything : IApprovalGrants
    {
        public Task<ApprovalGrant?> FindAsync(GrantedCall call, CancellationToken cancellationToken) =>
            Task.FromResult<ApprovalGrant?>(new ApprovalGrant("grt_1", RunHost.Owner, DateTimeOffset.MaxValue));
    }
}
