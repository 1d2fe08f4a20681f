using Copilot.Web.Components.Access.Permissions;
using Bunit;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Grants;
using Copilot.Web.Components.Access;
using Copilot.Web.Identity;
using Copilot.Web.Identity.Administration;
using Copilot.Web.Runs.Grants;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Components.Access;

/// <summary>The list of what agents may do without asking.</summary>
public sealed class PermissionsPageTests : AccessPagesScene
{
    private ApprovalGrants Grants => _host.Services.GetRequiredService<ApprovalGrants>();

    [Fact]
    public async Task Page_PermissionsOfThePerson_CanBeRevokedAndNobodyElses()
    {
        await GiveAsync(_samId, _samId, "orders_place");
        await GiveAsync(_samId, _adminId, "crm_add_note");
        await GiveAsync(_adminId, _adminId, "schedule_book");
        var page = PageOf(_samId, "sam");

        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll(".entry-list li").Count), s_soon);
        Assert.Contains("decided by ada", page.FindAll(".entry-list li")[0].TextContent, StringComparison.Ordinal);
        Assert.Contains(PermissionText.NeverAllowed, page.FindAll(".entry-list li")[0].TextContent, StringComparison.Ordinal);
        Assert.Contains(PermissionText.AlwaysAllowed, page.FindAll(".entry-list li")[1].TextContent, StringComparison.Ordinal);
        Assert.Contains("decided by you", page.FindAll(".entry-list li")[1].TextContent, StringComparison.Ordinal);
        page.FindAll(".entry-list button")[0].Click();
        Answer(AccessText.Revoke);

        page.WaitForAssertion(() => Assert.Single(page.FindAll(".entry-list li")), s_soon);
        Assert.Equal("schedule_book", Assert.Single(await Grants.ListAsync(_adminId, CancellationToken.None)).Tool);
        var other = (await Grants.ListAsync(_adminId, CancellationToken.None))[0].Id;
        Assert.False((await Grants.RevokeAsync(new ChangedBy(_samId, "sam", "page"), other, CancellationToken.None)).Succeeded);
    }

    [Fact]
    public void Page_WithoutPermissions_SaysWhereTheyComeFrom()
    {
        var page = PageOf(_samId, "sam");

        page.WaitForAssertion(() => Assert.Contains(PermissionText.None, page.Markup, StringComparison.Ordinal), s_soon);
    }

    private Task GiveAsync(string owner, string giver, string tool) => Grants.AddAsync(
        new ChangedBy(giver, giver, "page"),
        new GrantedCall(new RunOwner(owner, "team_default"), "ses_1", "agt_default", tool, null),
        new GrantRequest(GrantScope.Agent, TimeSpan.FromDays(7)),
        denies: tool == "crm_add_note",
        CancellationToken.None);

    private IRenderedComponent<PermissionsPage> PageOf(string id, string name)
    {
        SignIn(id, name);
        return Render<PermissionsPage>(with => with.AddCascadingValue(User(id, Roles.Staff)));
    }
}
