using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Identity.Circuits;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Identity.Circuits;

/// <summary>Who gets a circuit, asked as a page's script asks, over a socket.</summary>
public sealed class CircuitLimitTests
{
    [Fact]
    public async Task StartCircuit_NobodySignedIn_IsRefused()
    {
        await using var host = await WholeHost.StartAsync();
        await using var page = await HubPage.OpenAsync(host.Address, cookies: "");

        Assert.False(await page.StartCircuitAsync());
        Assert.Equal(0, host.App.Services.GetRequiredService<CircuitOwners>().Count);
    }

    [Theory]
    [InlineData("Limits:CircuitsPerPerson", true)]
    [InlineData("Limits:Circuits", false)]
    public async Task StartCircuit_OneMoreThanTheLimit_IsRefused(string setting, bool othersMay)
    {
        await using var host = await WholeHost.StartAsync($"--{setting}=1");
        var (staff, admin) = (await host.SignInAsync("staff1"), await host.SignInAsync("admin1"));
        await using var first = await HubPage.OpenAsync(host.Address, staff);
        await using var second = await HubPage.OpenAsync(host.Address, staff);
        await using var other = await HubPage.OpenAsync(host.Address, admin);

        Assert.True(await first.StartCircuitAsync());
        Assert.False(await second.StartCircuitAsync());
        Assert.Equal(othersMay, await other.StartCircuitAsync());
    }
}
