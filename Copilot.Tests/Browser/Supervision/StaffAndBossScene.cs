using Copilot.Tests.Browser.Driving;
using Microsoft.Playwright;

namespace Copilot.Tests.Browser.Supervision;

/// <summary>Staff at a phone and whoever looks after them at a desk.</summary>
public abstract class StaffAndBossScene(BrowserFixture fixture) : BrowserScene(fixture, 390, 844)
{
    /// <summary>The window at the desk.</summary>
    protected IBrowserContext Boss { get; private set; } = null!;

    /// <summary>The phone.</summary>
    protected IBrowserContext Staff => Context;

    /// <inheritdoc/>
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Boss = Own(await OpenAsync(1440, 900));
    }

    /// <summary>Nothing that is shown breaks a rule of axe-core.</summary>
    internal static async Task SeeNoViolationAsync(ChatDriver person) => Assert.Empty(await person.Page.ViolationsAsync(person.Page.Url));
}
