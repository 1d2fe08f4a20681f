using Bunit;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Components.Access;
using Copilot.Web.Identity;
using Copilot.Web.Identity.Administration;
using Copilot.Web.Sessions;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Components.Access;

/// <summary>The page of one person.</summary>
public sealed class PersonPageTests : AccessPagesScene
{
    [Fact]
    public async Task PersonPage_Lock_AsksFirstAndCanBeTakenBack()
    {
        var page = RenderPerson(_samId);

        Button(page, AccessText.Lock).Click();
        Answer(AccessText.Cancel);
        Assert.Equal(PersonState.Active, (await ReadAsync(_samId))!.State);
        Button(page, AccessText.Lock).Click();
        Answer(AccessText.Lock);

        page.WaitForAssertion(() => Assert.Equal(AccessText.State(PersonState.Locked), page.Find(".person-state").TextContent), s_soon);
        var toast = Assert.Single(Toasts.Items);
        Assert.Equal(AccessText.Locked("sam"), toast.Text);
        await page.InvokeAsync(() => Toasts.UndoAsync(toast));
        page.WaitForAssertion(() => Assert.Equal(AccessText.State(PersonState.Active), page.Find(".person-state").TextContent), s_soon);
        Assert.Equal(
            [AccessText.Audit(Entry(AuditAction.Unlocked)), AccessText.Audit(Entry(AuditAction.Locked))],
            page.FindAll("ul[aria-label=Changes] li span:first-child").Select(line => line.TextContent));
    }

    [Fact]
    public void PersonPage_LastAdminDeletesThemselves_IsToldWhyNot()
    {
        var page = RenderPerson(_adminId);

        Button(page, AccessText.Delete).Click();
        Answer(AccessText.Delete);

        page.WaitForAssertion(() => Assert.Equal(AdministrationText.LastAdmin, Assert.Single(Toasts.Items).Text), s_soon);
        Assert.Contains("ada", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PersonPage_RoleAndTeam_AreChangedAndTakenBack()
    {
        var page = RenderPerson(_samId);
        Button(page, AccessText.Change).Click();
        _dialogs.WaitForElement("form", s_soon);
        _dialogs.FindAll("select")[0].Change(Roles.Supervisor);
        _dialogs.FindAll("select")[1].Change("");
        _dialogs.Find("form input").Input("Field");
        await _dialogs.Find("form").SubmitAsync();

        page.WaitForAssertion(() => Assert.Contains("Supervisor · Field", page.Markup, StringComparison.Ordinal), s_soon);
        await page.InvokeAsync(() => Toasts.UndoAsync(Toasts.Items[0]));

        page.WaitForAssertion(() => Assert.Contains("Staff · Office", page.Markup, StringComparison.Ordinal), s_soon);
    }

    [Fact]
    public async Task PersonPage_Deleted_LeavesForTheListAndKeepsTheChanges()
    {
        var page = RenderPerson(_samId);

        Button(page, AccessText.Delete).Click();
        Answer(AccessText.Delete);

        page.WaitForAssertion(
            () => Assert.EndsWith("/admin/people", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal), s_soon);
        Assert.Null(await ReadAsync(_samId));
        var after = Render<PersonPage>(with => with.AddCascadingValue(User(_adminId, Roles.Admin)).Add(one => one.Id, _samId));
        after.WaitForAssertion(() => Assert.Contains("was deleted", after.Markup, StringComparison.Ordinal), s_soon);
        Assert.Contains(AccessText.NoSuchPerson, after.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PersonPage_KeyAndSignIn_AreShownAndEnded()
    {
        var key = await _host.Services.GetRequiredService<ApiKeys>().CreateAsync(_samId, "n8n", CancellationToken.None);
        using var browser = _host.Browser();
        Assert.Equal("/", await PeopleHost.SignInAsync(browser, "sam", PeopleHost.Password));
        Assert.Equal("sam", await browser.GetStringAsync("/who"));
        var page = RenderPerson(_samId);

        Button(page, AccessText.Revoke).Click();
        Answer(AccessText.Revoke);
        page.WaitForAssertion(() => Assert.Contains(AccessText.NoKeysOfPerson, page.Markup, StringComparison.Ordinal), s_soon);
        Button(page, AccessText.EndSignIn).Click();
        Answer(AccessText.EndSignIn);
        page.WaitForAssertion(() => Assert.Contains(AccessText.NoSignIns, page.Markup, StringComparison.Ordinal), s_soon);

        Assert.Null(await _host.Services.GetRequiredService<ApiKeys>().AuthenticateAsync(key.Key, CancellationToken.None));
        Assert.Equal("nobody", await browser.GetStringAsync("/who"));
    }

    private IRenderedComponent<PersonPage> RenderPerson(string id)
    {
        var page = Render<PersonPage>(with => with.AddCascadingValue(User(_adminId, Roles.Admin)).Add(one => one.Id, id));
        page.WaitForElement(".person-actions", s_soon);
        return page;
    }

    private Task<PersonRow?> ReadAsync(string id) =>
        _host.Services.GetRequiredService<PeopleDirectory>().FindAsync(ChangedBy.CommandLine, id, CancellationToken.None);

    private static AuditEntry Entry(string action) => new(1, DateTimeOffset.UnixEpoch, action, "usr", "sam", "ada", "", null, null, null);
}
