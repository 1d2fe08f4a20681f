using System.Reflection;
using Bunit;
using Copilot.Web.Components.Navigation;
using Copilot.Web.Identity;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Components.Navigation;

public sealed class NavigationItemsTests : BunitContext
{
    [Fact]
    public void All_EachAddress_IsAPageOfTheProduct()
    {
        var pages = typeof(NavigationItems).Assembly.GetTypes()
            .SelectMany(type => type.GetCustomAttributes<RouteAttribute>())
            .Select(route => route.Template)
            .ToHashSet();

        Assert.Empty(NavigationItems.All.Where(item => !pages.Contains(item.Address)).Select(item => item.Address));
    }

    [Theory]
    [InlineData(Roles.Staff, "Chat, Runs, Mentions")]
    [InlineData(Roles.Supervisor, "Chat, Live, Alerts, Help requests, Rules, Incident, Runs, Mentions")]
    [InlineData(Roles.Admin, "Chat, Live, Alerts, Help requests, Rules, Incident, Runs, Mentions, People, Retention, Data deletion, Audit")]
    public void For_Role_GivesThePagesOfThatRole(string role, string expected) =>
        Assert.Equal(expected, string.Join(", ", NavigationItems.For(role).Select(item => item.Text)));

    [Theory]
    [InlineData("/", "Chat")]
    [InlineData("/chat/ses_1", "Chat")]
    [InlineData("/admin/forgetting", "Data deletion")]
    [InlineData("/admin/forgetting/one", "Data deletion")]
    [InlineData("/admin/people/usr_1", "People")]
    [InlineData("/live", "Live")]
    [InlineData("/runs", "Runs")]
    [InlineData("/runs/run_1", "Runs")]
    [InlineData("/live/help", "Help requests")]
    [InlineData("/admin/forgettings", null)]
    [InlineData("/chatter", null)]
    public void At_Path_IsThePageThatHoldsIt(string path, string? expected) => Assert.Equal(expected, NavigationItems.At(path)?.Text);

    [Fact]
    public void Navigation_Staff_HasChatAndRuns()
    {
        var navigation = Render<MainNavigation>(with => with.Add(one => one.Role, Roles.Staff));

        Assert.Equal(["Chat", "Runs", "Mentions"], navigation.FindAll("a").Select(link => link.TextContent.Trim()));
    }

    [Fact]
    public void Navigation_AdminMoves_MarksThePageAndClosesTheDrawer()
    {
        var chosen = 0;
        var navigation = Render<MainNavigation>(with => with.Add(one => one.Role, Roles.Admin).Add(one => one.OnChosen, () => chosen++));
        Assert.Equal("Chat", navigation.Find("[aria-current=page]").TextContent.Trim());

        navigation.Find("a[href='/admin/forgetting']").Click();
        Services.GetRequiredService<NavigationManager>().NavigateTo("/admin/forgetting");

        navigation.WaitForAssertion(() => Assert.Equal("Data deletion", navigation.Find("[aria-current=page]").TextContent.Trim()));
        Assert.Equal(1, chosen);
    }

    [Fact]
    public void Breadcrumbs_OfAnAdminPage_NameItsSectionAndThePage()
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo("/admin/forgetting");

        var breadcrumbs = Render<Breadcrumbs>();

        Assert.Equal(["Admin", "Data deletion"], breadcrumbs.FindAll("nav[aria-label=Breadcrumb] li").Select(item => item.TextContent.Trim()));
    }

    [Fact]
    public void Breadcrumbs_OfOnePerson_EndWithTheirName()
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo("/admin/people/usr_1");

        var breadcrumbs = Render<Breadcrumbs>(with => with.Add(one => one.Here, "Sam"));

        Assert.Equal(["Admin", "People", "Sam"], breadcrumbs.FindAll("nav[aria-label=Breadcrumb] li").Select(item => item.TextContent.Trim()));
        Assert.Equal("Sam", breadcrumbs.Find("[aria-current=page]").TextContent.Trim());
        Assert.Equal("/admin/people", breadcrumbs.Find("a").GetAttribute("href"));
    }
}
