using Copilot.Tests.Browser.Driving;
using Copilot.Web.Components.Access;
using Copilot.Web.Components.Admin;
using Copilot.Web.Components.Audit;
using Copilot.Web.Components.Rules;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Copilot.Tests.Browser;

/// <summary>The pages about what is kept, seen and watched for: by rule, by width, by keyboard alone.</summary>
[Collection(BrowserCollection.Name)]
public sealed class AdminPagesTests(BrowserFixture fixture, QuickApp server) : IClassFixture<QuickApp>
{
    private readonly AppProcess _app = server.App;

    [Theory]
    [MemberData(nameof(LookCheck.Screens), MemberType = typeof(LookCheck))]
    public async Task Pages_InBothThemes_BreakNoRuleAndFit(int width, int height, ColorScheme scheme)
    {
        await using var context = await fixture.Browser.NewContextAsync(width, height, scheme);
        var admin = await ChatDriver.OpenAsync(context);
        await admin.SignInAsync(_app.Address, "admin");

        await GoAsync(admin, "/admin/retention");
        await Button(admin, RetentionText.Set).ClickAsync();
        await Expect(Button(admin, RetentionText.Remove, isExact: false)).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
        await admin.Page.CheckLookAsync("retention");
        await Expect(admin.Page.Locator("h1:not(.visually-hidden)")).ToHaveCountAsync(0);
        await Button(admin, RetentionText.Remove, isExact: false).ClickAsync();
        await Expect(admin.Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await admin.Page.CheckLookAsync("remove a rule");
        await admin.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = RetentionText.Remove, Exact = true }).ClickAsync();
        await admin.SeeAsync(RetentionText.NoRules);

        await GoAsync(admin, "/admin/audit");
        await Button(admin, AuditPageText.Verify).ClickAsync();
        await Expect(admin.Page.Locator(".audit-outcome[data-whole=true]")).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
        await admin.Page.CheckLookAsync("audit");

        await GoAsync(admin, "/live/rules");
        await Button(admin, RulesText.New).ClickAsync();
        await Expect(admin.Page.GetByLabel(RulesText.Name)).ToBeFocusedAsync();
        await admin.Page.CheckLookAsync("a new rule");

        await GoAsync(admin, "/admin/forgetting");
        await admin.Page.CheckLookAsync("data deletion");
        Assert.Equal([], admin.Complaints);
    }

    [Fact]
    public async Task Pages_ByKeyboardAlone_DoAllThereIsToDo()
    {
        await using var context = await fixture.Browser.NewContextAsync(new() { ReducedMotion = ReducedMotion.Reduce });
        var admin = await ChatDriver.OpenAsync(context);
        await admin.SignInAsync(_app.Address, "admin");

        await GoAsync(admin, "/admin/retention");
        await TabToAsync(admin, admin.Page.GetByLabel(RetentionText.Days, new() { Exact = true }));
        await admin.Page.Keyboard.PressAsync("Control+a");
        await admin.Page.Keyboard.TypeAsync("3649");
        await admin.Page.Keyboard.PressAsync("Enter");
        await admin.SeeAsync("Deleted 3649 days after its last activity");
        await TabToAsync(admin, Button(admin, RetentionText.Remove, isExact: false), backwards: true);
        await admin.Page.Keyboard.PressAsync("Enter");
        await TabToAsync(admin, admin.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = RetentionText.Remove, Exact = true }));
        await admin.Page.Keyboard.PressAsync("Enter");
        await admin.SeeAsync(RetentionText.NoRules);

        await GoAsync(admin, "/admin/audit");
        await TabToAsync(admin, Button(admin, AuditPageText.Verify));
        await admin.Page.Keyboard.PressAsync("Enter");
        await Expect(admin.Page.Locator(".audit-outcome[data-whole=true]")).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
        await TabToAsync(admin, admin.Page.GetByLabel(AuditPageText.Object));
        await admin.Page.Keyboard.TypeAsync("nothing has this name");
        await admin.Page.Keyboard.PressAsync("Enter");
        await admin.SeeAsync(AuditPageText.Empty);

        await GoAsync(admin, "/live/rules");
        await TabToAsync(admin, Button(admin, RulesText.New));
        await admin.Page.Keyboard.PressAsync("Enter");
        await Expect(admin.Page.GetByLabel(RulesText.Name)).ToBeFocusedAsync();
        Assert.Equal([], admin.Complaints);
    }

    [Fact]
    public async Task AccountMenu_OfAnybody_HasTheirData()
    {
        await using var context = await fixture.Browser.NewContextAsync();
        var staff = await ChatDriver.OpenAsync(context);
        await staff.SignInAsync(_app.Address, "staff");
        await staff.Page.Locator(".account-menu button").ClickAsync();

        var download = await staff.Page.RunAndWaitForDownloadAsync(
            () => staff.Page.GetByRole(AriaRole.Menuitem, new() { Name = AccessText.DownloadMyData }).ClickAsync());

        Assert.Equal("usr_demo_staff1.zip", download.SuggestedFilename);
        await Expect(staff.Message).ToBeVisibleAsync();
        Assert.Equal([], staff.Complaints);
    }

    private async Task GoAsync(ChatDriver person, string path)
    {
        await person.Page.GotoAsync(new Uri(_app.Address, path).ToString());
        await Expect(person.Page.Locator("h1").First).ToBeAttachedAsync(new() { Timeout = ChatDriver.Timeout });
    }

    private static ILocator Button(ChatDriver person, string name, bool isExact = true) =>
        person.Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = isExact });

    private static async Task TabToAsync(ChatDriver person, ILocator control, bool backwards = false)
    {
        const int Most = 80;
        await Expect(control).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
        for (var i = 0; i < Most; i++)
        {
            if (await control.EvaluateAsync<bool>("control => control === document.activeElement"))
            {
                return;
            }

            await person.Page.Keyboard.PressAsync(backwards ? "Shift+Tab" : "Tab");
        }

        Assert.Fail("The control is not reached with Tab.");
    }
}
