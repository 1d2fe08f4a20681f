using Bunit;
using Copilot.Tests.Shared.Clock;
using Copilot.Web.Components.Access;
using Copilot.Web.Identity;
using Copilot.Web.Identity.Invitations;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Components.Access;

/// <summary>The list of people, and invitations.</summary>
public sealed class PeoplePageTests : AccessPagesScene
{
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

    private IRenderedComponent<PeoplePage> RenderPeople()
    {
        var page = Render<PeoplePage>(with => with.AddCascadingValue(User(_adminId, Roles.Admin)));
        page.WaitForAssertion(() => Assert.Equal(["ada", "sam"], Names(page)), s_soon);
        return page;
    }

    private static IEnumerable<string> Names(IRenderedComponent<PeoplePage> page) => page.FindAll(".people-grid tbody a").Select(link => link.TextContent);
}
