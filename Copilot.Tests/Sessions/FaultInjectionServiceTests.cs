using Copilot.Demo.Upstream.Faults;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Web.Identity;
using Copilot.Web.Sessions;

namespace Copilot.Tests.Sessions;

public sealed class FaultInjectionServiceTests : IAsyncLifetime
{
    private FaultInjectionFixture _demo = null!;

    public async ValueTask InitializeAsync() => _demo = await FaultInjectionFixture.CreateAsync();

    public async ValueTask DisposeAsync() => await _demo.DisposeAsync();

    [Fact]
    public async Task Order_AdminInTheDemo_ReachesTheUpstreamAndIsSeenByAll()
    {
        var faults = _demo.ServiceFor(await _demo.PersonAsync("ada", Roles.Admin), isDemo: true, upstream: null);
        var staff = _demo.ServiceFor(await _demo.PersonAsync("sam", Roles.Staff), isDemo: true, upstream: null);
        var before = staff.Now;
        var seen = staff.WhenChangedAsync(before, CancellationToken.None);

        Assert.Null(await faults.OrderAsync("cut_text", 3, CancellationToken.None));
        Assert.Null(await faults.UseAsync("bad-4g", CancellationToken.None));

        Assert.NotSame(before, await seen.Soon("the others see it"));
        Assert.Equal(new DemoFault { Fault = "cut_text", Times = 3 }, Assert.Single(_demo.Faults.Requests));
        Assert.Equal("bad-4g", _demo.Network.Profile?.Name);
        Assert.Equal(new InjectedFault("cut_text", 3), Assert.Single(staff.Now.Requests));
        Assert.Equal("bad-4g", staff.Now.Network);
        Assert.True(staff.Now.IsOn);
    }

    [Fact]
    public async Task StopAll_ManyOrdersAndANetwork_LeavesNothingBroken()
    {
        var faults = _demo.ServiceFor(await _demo.PersonAsync("ada", Roles.Admin), isDemo: true, upstream: null);
        await faults.OrderAsync("cut", null, CancellationToken.None);
        await faults.OrderAsync("http_500", 1, CancellationToken.None);
        await faults.UseAsync("4g", CancellationToken.None);
        Assert.Null(await faults.StopAllAsync(CancellationToken.None));
        Assert.False(faults.Now.IsOn);
        Assert.Empty(_demo.Faults.Requests);
        Assert.Null(_demo.Network.Profile);
    }

    [Theory]
    [InlineData(Roles.Staff)]
    [InlineData(Roles.Supervisor)]
    public async Task Order_NotAnAdminWhateverTheCookieSays_IsRefused(string role)
    {
        var faults = _demo.ServiceFor(await _demo.PersonAsync("sam", role), isDemo: true, upstream: null);
        await AssertRefusedAsync(faults, SessionText.FaultsForAdmins);
    }

    [Fact]
    public async Task Order_NoLongerAnAdmin_IsRefused()
    {
        var id = await _demo.PersonAsync("ada", Roles.Admin);
        var faults = _demo.ServiceFor(id, isDemo: true, upstream: null);
        Assert.True((await _demo.People.SetRolesAsync(id, [Roles.Staff], CancellationToken.None)).Succeeded);
        await AssertRefusedAsync(faults, SessionText.FaultsForAdmins);
    }

    [Fact]
    public async Task Order_ARealUpstreamIsInUse_IsRefused()
    {
        var faults = _demo.ServiceFor(await _demo.PersonAsync("ada", Roles.Admin), isDemo: true, new Uri("https://api.example.com/v1"));
        Assert.False(faults.IsOffered);
        await AssertRefusedAsync(faults, SessionText.FaultsNotOffered);
    }

    [Fact]
    public async Task Order_NotADemo_IsRefused()
    {
        var faults = _demo.ServiceFor(await _demo.PersonAsync("ada", Roles.Admin), isDemo: false, upstream: null);
        Assert.False(faults.IsOffered);
        await AssertRefusedAsync(faults, SessionText.FaultsNotOffered);
    }

    [Theory]
    [InlineData("cut_text", 0, null)]
    [InlineData("cut_text", 101, null)]
    [InlineData("no_such_fault", 1, SessionText.UnknownFault)]
    public async Task Order_MakesNoSense_IsRefused(string kind, int times, string? problem)
    {
        problem ??= SessionText.FaultTimes(FaultInjectionService.MaxTimes);
        var faults = _demo.ServiceFor(await _demo.PersonAsync("ada", Roles.Admin), isDemo: true, upstream: null);
        Assert.Equal(problem, await faults.OrderAsync(kind, times, CancellationToken.None));
        Assert.Equal(SessionText.UnknownNetwork, await faults.UseAsync("5g", CancellationToken.None));
        Assert.Empty(_demo.Faults.Requests);
    }

    private async Task AssertRefusedAsync(FaultInjectionService faults, string problem)
    {
        _demo.Faults.Inject(new DemoFault { Fault = "cut" });
        var network = _demo.Network.Profile;
        Assert.Equal(problem, await faults.OrderAsync("cut_text", 1, CancellationToken.None));
        Assert.Equal(problem, await faults.UseAsync("4g", CancellationToken.None));
        Assert.Equal(problem, await faults.StopAllAsync(CancellationToken.None));
        Assert.Equal("cut", Assert.Single(_demo.Faults.Requests).Fault);
        Assert.Same(network, _demo.Network.Profile);
    }
}
