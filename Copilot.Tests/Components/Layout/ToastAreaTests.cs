using Bunit;
using Copilot.Tests.Shared.Clock;
using Copilot.Web.Components.Layout;
using Copilot.Web.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Components.Layout;

public sealed class ToastAreaTests : BunitContext
{
    private readonly ManualClock _clock = new();
    private readonly Toasts _toasts;

    public ToastAreaTests()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        _toasts = new Toasts(_clock);
        Services.AddSingleton(_toasts);
    }

    [Fact]
    public void Area_NoticeWithUndo_IsSaidPolitelyAndTakenBack()
    {
        var undone = 0;
        var area = Render<ToastArea>();
        _toasts.Say("The conversation was renamed.", () =>
        {
            undone++;
            return Task.CompletedTask;
        });

        area.WaitForAssertion(() => Assert.Equal("The conversation was renamed.", area.Find("[role=status] .toast-text").TextContent));
        area.FindAll("button").Single(button => button.TextContent == "Undo").Click();

        area.WaitForAssertion(() => Assert.Empty(area.FindAll(".toast")));
        Assert.Equal(1, undone);
    }

    [Fact]
    public void Area_Problem_IsSaidAtOnceAndHasNoUndo()
    {
        var area = Render<ToastArea>();
        _toasts.Warn("The conversation could not be renamed.");

        area.WaitForAssertion(() => Assert.Equal("The conversation could not be renamed.", area.Find("[role=alert] .toast-text").TextContent));
        area.Find("button[aria-label='Close notice']").Click();

        area.WaitForAssertion(() => Assert.Empty(area.FindAll(".toast")));
    }
}
