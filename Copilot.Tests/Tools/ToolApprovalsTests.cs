using Copilot.Domain.Tools;
using Copilot.Tests.Runs.Actor.Approvals;
using Copilot.Tests.Runs.Actor;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Runs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Copilot.Tests.Tools;

public sealed class ToolApprovalsTests
{
    [Fact]
    public void Validate_WrongSettings_AreAllNamedAtOnce()
    {
        var exception = Assert.Throws<OptionsValidationException>(() => Approvals(options =>
        {
            options.ApprovalTimeout = TimeSpan.Zero;
            options.ApprovalTimeouts["orders_place"] = TimeSpan.FromDays(31);
            options.ApprovalTimeouts["nobody"] = TimeSpan.FromMinutes(1);
            options.RequireApproval.Add("nobody_either");
            options.FourEyes.Add("no_pair");
            options.AskEachTime.Add("no_other");
        }));

        Assert.Equal(
            [
                "Tools:ApprovalTimeout is 00:00:00. Set it to more than 00:00:00 and at most 30.00:00:00 (Tools__ApprovalTimeout in the environment).",
                "Tools:ApprovalTimeouts:orders_place is 31.00:00:00; a time for approval is more than zero and at most 30 days. Set it to that.",
                "Tools:ApprovalTimeouts names 'nobody', but there is no such tool. Set it for a tool that is registered, or leave it out.",
                "Tools:RequireApproval names 'nobody_either', but there is no such tool. Set it for a tool that is registered, or leave it out.",
                "Tools:FourEyes names 'no_pair', but there is no such tool. Set it for a tool that is registered, or leave it out.",
                "Tools:AskEachTime names 'no_other', but there is no such tool. Set it for a tool that is registered, or leave it out.",
            ],
            exception.Failures);
    }

    [Theory]
    [InlineData("""{"part":"\ud83d"}""", "part")]
    [InlineData("""{"parts":["a",{"name":"\udc00 b"}]}""", "parts[1].name")]
    public void ErrorsOf_HalfOfACharacter_IsNamed(string arguments, string argument)
    {
        var error = Assert.Single(Approvals(_ => { }).ErrorsOf("orders_place", arguments));

        Assert.Equal(argument, error.Argument);
    }

    [Fact]
    public void IsRequired_ByDefinitionOrConfiguration_ElseNot()
    {
        var approvals = Approvals(options => options.RequireApproval.Add("read"));

        Assert.True(approvals.IsRequired("orders_place"));
        Assert.True(approvals.IsRequired("read"));
        Assert.False(Approvals(_ => { }).IsRequired("read"));
        Assert.False(approvals.IsRequired("unknown"));
    }

    [Fact]
    public void NeedsOther_Configured_AsksForApprovalToo()
    {
        var approvals = Approvals(options => options.FourEyes.Add("read"));

        Assert.True(approvals.NeedsOther("read"));
        Assert.True(approvals.IsRequired("read"));
        Assert.False(approvals.NeedsOther("orders_place"));
    }

    [Fact]
    public void TimeoutOf_Configured_WinsOverTheDefault()
    {
        var approvals = Approvals(options =>
        {
            options.ApprovalTimeout = TimeSpan.FromHours(2);
            options.ApprovalTimeouts["read"] = TimeSpan.FromMinutes(1);
        });

        Assert.Equal(TimeSpan.FromMinutes(1), approvals.TimeoutOf("read"));
        Assert.Equal(TimeSpan.FromHours(2), approvals.TimeoutOf("orders_place"));
    }

    private static ToolApprovals Approvals(Action<ToolOptions> configure)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddTools();
        services.Configure(configure);
        services.AddSingleton<ITool>(new ApprovalScene.OrderTool());
        services.AddSingleton<ITool>(new TestTool("read", _ => Task.FromResult("")));
        var approvals = services.BuildServiceProvider().GetRequiredService<ToolApprovals>();
        approvals.IsRequired("orders_place");
        _ = approvals.DefaultTimeout;
        return approvals;
    }
}
