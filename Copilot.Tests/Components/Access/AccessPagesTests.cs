using System.Security.Claims;
using Bunit;
using Bunit.TestDoubles;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Components.Access;
using Copilot.Web.Identity;
using Copilot.Web.Identity.Administration;
using Copilot.Web.Identity.Invitations;
using Copilot.Web.Security;
using Copilot.Web.Sessions;
using Copilot.Web.Storage;
using Microsoft.AspNetCore.Components;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using MudBlazor.Services;

namespace Copilot.Tests.Components.Access;

/// <summary>The pages for people and keys in front of the product's own services and a real database.</summary>
public sealed class AccessPagesTests : BunitContext, IAsyncLifetime
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(20);

    private readonly ManualClock _clock = new();
    private BunitAuthorizationContext _authorization = null!;
    private PeopleHost _host = null!;
    private BreakableContexts _reads = null!;
    private string _adminId = null!;
    private string _samId = null!;
    private IRenderedComponent<MudDialogProvider> _dialogs = null!;

    private Toasts Toasts => Services.GetRequiredService<Toasts>();

    public async ValueTask InitializeAsync()
    {
        _host = await PeopleHost.StartAsync(new HostSettings());
        _adminId = await _host.CreatePersonAsync("ada", Roles.Admin, "team_default");
        _samId = await _host.CreatePersonAsync("sam", Roles.Staff, "team_default");
        _reads = new BreakableContexts(_host.Services.GetRequiredService<IDbContextFactory<CopilotDbContext>>());
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices(kit => kit.PopoverOptions.CheckForPopoverProvider = false);
        Services.AddSingleton<TimeProvider>(_clock);
        Services.AddSingleton(new PersonStore(_reads));
        Share<PeopleDirectory>();
        Share<PeopleAdministration>();
        Share<PeopleAudit>();
        Share<Invitations>();
        Share<Teams>();
        Share<ApiKeys>();
        Services.AddScoped<ChangingPerson>();
        Services.AddScoped<Toasts>();
        _authorization = this.AddAuthorization();
        SignIn(_adminId, "ada");
        _dialogs = Render<MudDialogProvider>();
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeAsync();
        await _host.DisposeAsync();
    }

    [Fact]
    public void PeoplePage_Search_FindsByNameRoleAndTeam()
    {
        var page = RenderPeople();

        Assert.Equal(["ada", "sam"], Names(page));
        page.Find("input[type=search]").Input("staff office");
        Assert.Equal(["sam"], Names(page));
        page.Find("input[type=search]").Input("nobody");

        Assert.Contains(AccessText.NoneFound, page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void PeoplePage_SomebodyWhoIsNoAdmin_IsToldSo()
    {
        SignIn(_samId, "sam");

        var page = Render<PeoplePage>(with => with.AddCascadingValue(User(_samId, Roles.Staff)));

        page.WaitForAssertion(() => Assert.Contains(AccessText.AdminsOnly, page.Markup, StringComparison.Ordinal), s_soon);
        Assert.DoesNotContain("ada", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PeoplePage_ReadFails_SaysSoAndShowsThemAtTheNextLook()
    {
        _reads.IsBroken = true;
        var page = Render<PeoplePage>(with => with.AddCascadingValue(User(_adminId, Roles.Admin)));
        page.WaitForAssertion(() => Assert.Contains(AccessText.NotLoadedTitle, page.Markup, StringComparison.Ordinal), s_soon);

        _reads.IsBroken = false;
        // The next look of a page that works, and the wait before the next attempt of one that does not.
        await _clock.WhenTimersArmedAsync(2);
        _clock.Advance(TimeSpan.FromMilliseconds(500));

        page.WaitForAssertion(() => Assert.Equal(["ada", "sam"], Names(page)), s_soon);
        Assert.DoesNotContain(AccessText.NotLoadedTitle, page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PeoplePage_Invite_ShowsALinkOnceThatWorks_AndTheInvitationCanBeWithdrawn()
    {
        var page = RenderPeople();
        var inviting = page.InvokeAsync(() => Button(page, AccessText.Invite).Click());
        _dialogs.WaitForElement("form", s_soon);
        _dialogs.Find("form input").Change("Bea");
        _dialogs.FindAll("select")[0].Change(Roles.Supervisor);
        _dialogs.FindAll("select")[1].Change("");
        _dialogs.FindAll("form input")[1].Input("Field");
        await _dialogs.Find("form").SubmitAsync();
        _dialogs.WaitForElement(".secret input", s_soon);

        var link = new Uri(_dialogs.Find(".secret input").GetAttribute("value")!);
        Button(_dialogs, AccessText.Done).Click();
        await inviting.Soon("the dialog is closed");

        var (state, name) = await Invitations.ReadAsync(link.Query["?token=".Length..], CancellationToken.None);
        Assert.Equal(InvitationState.Open, state);
        Assert.Equal("Bea", name);
        page.WaitForAssertion(() => Assert.Contains("Supervisor, Field", page.Markup, StringComparison.Ordinal), s_soon);
        Assert.DoesNotContain(link.Query, page.Markup, StringComparison.Ordinal);
        Button(page, AccessText.Withdraw).Click();
        Answer(AccessText.Withdraw);
        page.WaitForAssertion(() => Assert.DoesNotContain("Supervisor, Field", page.Markup, StringComparison.Ordinal), s_soon);
        Assert.Equal(InvitationState.Unknown, (await Invitations.ReadAsync(link.Query["?token=".Length..], CancellationToken.None)).State);
    }

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
        using var signedIn = await PeopleHost.PostFormAsync(
            browser, "/signin", "/account/signin", ("userName", "sam"), ("password", "correct horse battery"));
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

    [Fact]
    public async Task KeysPage_NewKey_IsShownOnceAndListedWithItsScopes()
    {
        SignIn(_samId, "sam");
        var page = Render<KeysPage>(with => with.AddCascadingValue(User(_samId, Roles.Staff)));
        page.WaitForAssertion(() => Assert.Contains(AccessText.NoKeysTitle, page.Markup, StringComparison.Ordinal), s_soon);

        var creating = page.InvokeAsync(() => Button(page, AccessText.NewKey).Click());
        _dialogs.WaitForElement("form", s_soon);
        _dialogs.Find("form input").Change("n8n");
        // Without runs:write, and with files:read.
        _dialogs.FindAll("input[type=checkbox]")[1].Change(false);
        _dialogs.FindAll("input[type=checkbox]")[2].Change(true);
        await _dialogs.Find("form").SubmitAsync();
        _dialogs.WaitForElement(".secret input", s_soon);
        var key = _dialogs.Find(".secret input").GetAttribute("value")!;
        Button(_dialogs, AccessText.Done).Click();
        await creating.Soon("the dialog is closed");

        page.WaitForAssertion(() => Assert.Contains("n8n", page.Markup, StringComparison.Ordinal), s_soon);
        Assert.DoesNotContain(key, page.Markup, StringComparison.Ordinal);
        var caller = await _host.Services.GetRequiredService<ApiKeys>().AuthenticateAsync(key, CancellationToken.None);
        Assert.Equal(_samId, caller!.User.Id);
        Assert.Equal([ApiScopes.RunsRead, ApiScopes.FilesRead], caller.Scopes);
    }

    [Fact]
    public void NewKeyDialog_NoScope_IsRefusedInASentence()
    {
        SignIn(_samId, "sam");
        var page = Render<KeysPage>(with => with.AddCascadingValue(User(_samId, Roles.Staff)));
        page.WaitForAssertion(() => Button(page, AccessText.NewKey), s_soon);
        Button(page, AccessText.NewKey).Click();
        _dialogs.WaitForElement("form", s_soon);
        _dialogs.Find("form input").Change("n8n");
        _dialogs.FindAll("input[type=checkbox]")[0].Change(false);
        _dialogs.FindAll("input[type=checkbox]")[1].Change(false);

        _dialogs.Find("form").Submit();

        _dialogs.WaitForAssertion(() => Assert.Equal(AdministrationText.ScopesMissing, _dialogs.Find("[role=alert]").TextContent), s_soon);
    }

    [Theory]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36", "Chrome on Linux")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1", "Safari on iPhone")]
    [InlineData("curl/8.0", AccessText.UnknownBrowser)]
    [InlineData(null, AccessText.UnknownBrowser)]
    public void Browser_WhatItCallsItself_IsSaidInAFewWords(string? agent, string expected) => Assert.Equal(expected, AccessText.Browser(agent));

    private Invitations Invitations => _host.Services.GetRequiredService<Invitations>();

    private void Share<T>()
        where T : class => Services.AddSingleton(_ => _host.Services.GetRequiredService<T>());

    private void SignIn(string userId, string name) =>
        _authorization.SetAuthorized(name).SetClaims(new Claim(ClaimTypes.NameIdentifier, userId));

    private static UserInfo User(string id, string role) => new(id, id, "team_default", role, TimeZoneInfo.Utc);

    private IRenderedComponent<PeoplePage> RenderPeople()
    {
        var page = Render<PeoplePage>(with => with.AddCascadingValue(User(_adminId, Roles.Admin)));
        page.WaitForAssertion(() => Assert.Equal(["ada", "sam"], Names(page)), s_soon);
        return page;
    }

    private IRenderedComponent<PersonPage> RenderPerson(string id)
    {
        var page = Render<PersonPage>(with => with.AddCascadingValue(User(_adminId, Roles.Admin)).Add(one => one.Id, id));
        page.WaitForElement(".person-actions", s_soon);
        return page;
    }

    private void Answer(string button)
    {
        _dialogs.WaitForElement("[role=dialog]", s_soon);
        Button(_dialogs, button).Click();
        _dialogs.WaitForAssertion(() => Assert.Empty(_dialogs.FindAll("[role=dialog]")), s_soon);
    }

    private Task<PersonRow?> ReadAsync(string id) =>
        _host.Services.GetRequiredService<PeopleDirectory>().FindAsync(ChangedBy.CommandLine, id, CancellationToken.None);

    private static AuditEntry Entry(string action) => new(1, DateTimeOffset.UnixEpoch, action, "usr", "sam", "ada", "", null, null, null);

    private static IEnumerable<string> Names(IRenderedComponent<PeoplePage> page) => page.FindAll(".people-grid tbody a").Select(link => link.TextContent);

    private static AngleSharp.Dom.IElement Button<T>(IRenderedComponent<T> root, string text)
        where T : IComponent => root.FindAll("button").First(button => button.TextContent.Trim() == text);

    private sealed class BreakableContexts(IDbContextFactory<CopilotDbContext> contexts) : IDbContextFactory<CopilotDbContext>
    {
        public bool IsBroken { get; set; }

        public CopilotDbContext CreateDbContext() => IsBroken ? throw new SqliteException("disk I/O error", 10) : contexts.CreateDbContext();

        public Task<CopilotDbContext> CreateDbContextAsync(CancellationToken cancellationToken) => Task.FromResult(CreateDbContext());
    }
}
