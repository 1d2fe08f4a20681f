using Bunit;
using Copilot.Tests.Shared.Clock;
using Copilot.Web.Components.Supervision;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Components.Supervision;

/// <summary>When a list is held, and when it is let go.</summary>
public sealed class StillListTests : BunitContext
{
    private readonly ManualClock _clock = new();
    private readonly List<bool> _held = [];
    private readonly IRenderedComponent<StillList> _list;

    public StillListTests()
    {
        Services.AddSingleton<TimeProvider>(_clock);
        _list = Render<StillList>(parameters => parameters
            .Add(one => one.Label, "Alerts")
            .AddChildContent("<li>One</li>")
            .Add(one => one.OnHold, _held.Add));
    }

    [Fact]
    public async Task Pointer_ComesAndLeaves_HoldsUntilALittleLater()
    {
        await _list.Find("ul").PointerEnterAsync(new PointerEventArgs());
        Assert.Equal([true], _held);
        var leaving = _list.Find("ul").PointerLeaveAsync(new PointerEventArgs());
        await _clock.WhenTimersArmedAsync(1);
        Assert.Equal([true], _held);

        _clock.Advance(TimeSpan.FromMilliseconds(250));
        await leaving.Soon("the list is let go");
        Assert.Equal([true, false], _held);
    }

    [Fact]
    public async Task Focus_FromOneRowToTheNext_DoesNotLetGo()
    {
        await _list.Find("ul").FocusInAsync(new FocusEventArgs());
        var leaving = _list.Find("ul").FocusOutAsync(new FocusEventArgs());
        await _clock.WhenTimersArmedAsync(1);
        await _list.Find("ul").FocusInAsync(new FocusEventArgs());
        await leaving.Soon("the wait is over");

        Assert.Equal([true], _held);
    }

    [Fact]
    public async Task Pointer_LeavesWhileTheFocusIsThere_StaysHeld()
    {
        await _list.Find("ul").FocusInAsync(new FocusEventArgs());
        await _list.Find("ul").PointerEnterAsync(new PointerEventArgs());
        await _list.Find("ul").PointerLeaveAsync(new PointerEventArgs());

        Assert.Equal([true], _held);
    }
}
