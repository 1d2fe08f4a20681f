using Bunit;
using Copilot.Demo.Upstream.Faults;
using Copilot.Tests.Sessions;
using Copilot.Web.Components.FaultInjection;
using Copilot.Web.Identity;
using Copilot.Web.Sessions;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using MudBlazor.Services;

namespace Copilot.Tests.Components.FaultInjection;

public sealed class FaultInjectionDialogTests : BunitContext, IAsyncLifetime
{
    private FaultInjectionFixture _demo = null!;

    public async ValueTask InitializeAsync()
    {
        _demo = await FaultInjectionFixture.CreateAsync();
        Services.AddSingleton(_demo.ServiceFor(await _demo.PersonAsync("ada", Roles.Admin), isDemo: true, upstream: null));
        Services.AddMudServices(kit => kit.PopoverOptions.CheckForPopoverProvider = false);
        JSInterop.Mode = JSRuntimeMode.Loose;
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeAsync();
        await _demo.DisposeAsync();
    }

    [Fact]
    public void EveryFault_HasAGroupAndSaysWhatPeopleShouldSee()
    {
        foreach (var kind in _demo.Board.Kinds)
        {
            Assert.NotEqual("", FaultInjectionText.Expectation(kind.Name));
            Assert.Contains(FaultInjectionText.GroupOf(kind), FaultInjectionText.Groups);
            Assert.NotEqual("", kind.Description);
        }
    }

    [Fact]
    public async Task Dialog_FaultIsChosen_OrdersItAsOftenAsSaidAndShowsIt()
    {
        var dialog = Render<FaultInjectionPanel>();
        Assert.Contains(FaultInjectionText.NothingActive, dialog.Markup, StringComparison.Ordinal);
        Assert.Equal(DemoFaultCatalog.All.Length, Choices(dialog).Count);

        await BreakAsync(dialog, "cut text");
        await dialog.InvokeAsync(() => Select(dialog, FaultInjectionText.HowOften).ValueChanged.InvokeAsync("times"));
        await dialog.InvokeAsync(() => dialog.FindComponent<MudNumericField<int>>().Instance.ValueChanged.InvokeAsync(4));
        await BreakAsync(dialog, "half open");
        await dialog.InvokeAsync(() => Select(dialog, FaultInjectionText.HowOften).ValueChanged.InvokeAsync("always"));
        await BreakAsync(dialog, "http 500");
        await dialog.InvokeAsync(() => Select(dialog, FaultInjectionText.NetworkField).ValueChanged.InvokeAsync("bad-4g"));

        Assert.Equal([("cut_text", 1), ("half_open", 4), ("http_500", null)], _demo.Faults.Requests.Select(order => (order.Fault, order.Times)));
        dialog.WaitForAssertion(() => Assert.Equal(
            [
                $"cut text {FaultInjectionText.Left(new InjectedFault("cut_text", 1))}",
                $"half open {FaultInjectionText.Left(new InjectedFault("half_open", 4))}",
                $"http 500 {FaultInjectionText.Always}",
                $"{FaultInjectionText.ActiveNetwork("bad-4g")} {FaultInjectionText.ForNewConnections}",
            ],
            dialog.FindAll(".break-now li").Select(item => item.TextContent)));

        await dialog.InvokeAsync(() => dialog.Find(".break-now button").ClickAsync(new()));
        Assert.Empty(_demo.Faults.Requests);
        dialog.WaitForAssertion(() => Assert.Contains(FaultInjectionText.NothingActive, dialog.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Dialog_SearchForWords_ShowsWhatHasThemAll()
    {
        var dialog = Render<FaultInjectionPanel>();
        await dialog.Find("input[type=search]").InputAsync(new() { Value = "reset TEXT" });
        Assert.Equal([FaultInjectionText.InjectNamed("cut_text")], Choices(dialog));
        await dialog.Find("input[type=search]").InputAsync(new() { Value = "earthquake" });
        Assert.Empty(Choices(dialog));
        Assert.Contains(FaultInjectionText.NoneFound, dialog.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dialog_Refused_SaysWhy()
    {
        Services.AddSingleton(_demo.ServiceFor(await _demo.PersonAsync("sam", Roles.Staff), isDemo: true, upstream: null));
        var dialog = Render<FaultInjectionPanel>();
        await BreakAsync(dialog, "cut text");
        Assert.Equal(SessionText.FaultsForAdmins, dialog.Find("[role=alert]").TextContent);
        Assert.Empty(_demo.Faults.Requests);
    }

    [Fact]
    public async Task Badge_SomethingBreaksAndHeals_TellsEverybody()
    {
        var staff = Render<FaultInjectionBadge>(parameters => parameters.Add(badge => badge.IsAdmin, false));
        var opened = 0;
        var admin = Render<FaultInjectionBadge>(parameters => parameters.Add(badge => badge.IsAdmin, true).Add(badge => badge.OnOpen, () => opened++));
        Assert.Empty(staff.FindAll(".badge"));

        _demo.Faults.Inject(new DemoFault { Fault = "cut_text", Times = 1 });
        staff.WaitForAssertion(() => Assert.Equal("SPAN", staff.Find(".badge").TagName));
        Assert.Equal(FaultInjectionText.Summary(new FaultInjectionState([new InjectedFault("cut_text", 1)], null)), staff.Find("[role=status]").TextContent);
        admin.WaitForAssertion(() => Assert.Equal("BUTTON", admin.Find(".badge").TagName));
        await admin.InvokeAsync(() => admin.Find("button.badge").Click());
        Assert.Equal(1, opened);

        _demo.Faults.Clear();
        staff.WaitForAssertion(() => Assert.Empty(staff.FindAll(".badge")));
        Assert.Equal("", staff.Find("[role=status]").TextContent);
    }

    // Found and clicked in one step, because the dialog draws itself anew whenever an order changes.
    private static Task BreakAsync(IRenderedComponent<FaultInjectionPanel> dialog, string title) =>
        dialog.InvokeAsync(() => dialog.Find($"button[aria-label='{FaultInjectionText.InjectNamed(title)}']").ClickAsync(new()));

    private static MudSelect<string> Select(IRenderedComponent<FaultInjectionPanel> dialog, string label) =>
        dialog.FindComponents<MudSelect<string>>().Single(select => select.Instance.Label == label).Instance;

    private static List<string?> Choices(IRenderedComponent<FaultInjectionPanel> dialog) =>
        [.. dialog.FindAll(".break-list button").Select(button => button.GetAttribute("aria-label"))];
}
