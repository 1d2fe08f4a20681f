using System.Collections.Concurrent;
using Copilot.Tests.Browser.Driving;
using Copilot.Web.Components.Access;
using Copilot.Web.Components.Chat;
using Copilot.Web.Identity;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Copilot.Tests.Browser;

/// <summary>Every page, at desktop and phone width: no CSP report, no console error, nothing wider than the screen.</summary>
[Collection(BrowserCollection.Name)]
public sealed class PagesTests(BrowserFixture fixture, QuickApp server) : IClassFixture<QuickApp>
{
    private readonly AppProcess _app = server.App;

    [Theory]
    [InlineData(1440, 900)]
    [InlineData(390, 844)]
    public async Task Pages_AllOfThem_AreCleanAndFit(int width, int height)
    {
        await using var context = await fixture.Browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height } });
        var chat = await ChatDriver.OpenAsync(context);
        var scripts = new ConcurrentQueue<string>();
        chat.Page.Request += (_, request) =>
        {
            if (request.ResourceType == "script")
            {
                scripts.Enqueue(request.Url);
            }
        };
        foreach (var path in (string[])["/signin", "/denied", "/setup", "/error", "/signout", "/invitation"])
        {
            await chat.Page.GotoAsync(new Uri(_app.Address, path).ToString());
            await AssertFitsAsync(chat, path);
        }

        await chat.SignInAsync(_app.Address, "staff");
        await AssertFitsAsync(chat, "/");
        await chat.Page.GotoAsync(new Uri(_app.Address, "/account/keys").ToString());
        await Expect(chat.Page.GetByRole(AriaRole.Button, new() { Name = AccessText.NewKey })).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
        await AssertFitsAsync(chat, "/account/keys");
        await chat.Page.GotoAsync(_app.Address.ToString());
        await chat.AskAsync("Show me what Markdown you can write");
        await chat.SeeStatusAsync("completed");
        await chat.UnfoldAsync();
        await AssertFitsAsync(chat, "/chat");

        // Each by its fingerprint, which is cached for ever, also those that a module asks for.
        Assert.Contains(scripts, url => url.Contains("/MessageComposer.", StringComparison.Ordinal));
        Assert.Contains(scripts, url => url.Contains("/drafts.", StringComparison.Ordinal));
        Assert.All(scripts, url => Assert.Matches(@"\.[a-z0-9]{10}(\.razor)?\.js$", url));
        Assert.Equal([], chat.Complaints);
    }

    [Fact]
    public async Task Pages_ThatDoNotExist_SaySo()
    {
        await using var context = await fixture.Browser.NewContextAsync();
        var chat = await ChatDriver.OpenAsync(context);
        await chat.SignInAsync(_app.Address, "staff");

        var page = await chat.Page.GotoAsync(new Uri(_app.Address, "/nowhere").ToString());
        var session = await chat.Page.GotoAsync(new Uri(_app.Address, "/chat/ses_guessed").ToString());

        Assert.Equal(404, page!.Status);
        Assert.Equal(404, session!.Status);
        await Expect(chat.Main).ToContainTextAsync(ChatText.NotFoundTitle);
    }

    [Fact]
    public async Task HostileText_InQuestionAndAnswer_RunsNothingAndLoadsNothing()
    {
        await using var context = await fixture.Browser.NewContextAsync();
        var chat = await ChatDriver.OpenAsync(context);
        var requests = new List<string>();
        chat.Page.Request += (_, request) => requests.Add(request.Url);
        await chat.SignInAsync(_app.Address, "staff");

        await chat.AskAsync("""<script>window.hacked=1</script><img src=x onerror="window.hacked=1"> [a](javascript:alert(1)) ![b](https://example.com/x.png)""");
        await chat.SeeStatusAsync("completed");

        Assert.False(await chat.Page.EvaluateAsync<bool>("'hacked' in window"));
        Assert.DoesNotContain(requests, url => url.Contains("example.com", StringComparison.Ordinal));
        Assert.Equal(0, await chat.Page.Locator("a[href^='javascript']").CountAsync());
        Assert.Equal([], chat.Complaints);
    }

    [Fact]
    public async Task TwoStaff_SeeOnlyTheirOwn_AndASupervisorReadsTheTeams()
    {
        await using var first = await fixture.Browser.NewContextAsync();
        await using var second = await fixture.Browser.NewContextAsync();
        await using var third = await fixture.Browser.NewContextAsync();
        var owner = await ChatDriver.OpenAsync(first);
        await owner.SignInAsync(_app.Address, "staff");
        await owner.AskAsync("How many cooling pumps are in stock?");
        await owner.SeeStatusAsync("completed");

        var other = await ChatDriver.OpenAsync(second);
        await other.Page.GotoAsync(new Uri(_app.Address, "/signin").ToString());
        await other.Page.GetByText(AccountText.OtherAccounts).ClickAsync();
        await other.Page.GetByRole(AriaRole.Button, new() { Name = "Staff 2" }).ClickAsync();
        await Expect(other.Message).ToBeVisibleAsync();
        var answer = await other.Page.GotoAsync(owner.Page.Url);
        var supervisor = await ChatDriver.OpenAsync(third);
        await supervisor.SignInAsync(_app.Address, "supervisor");
        await supervisor.Page.GotoAsync(owner.Page.Url);
        await supervisor.SeeStatusAsync("completed");

        Assert.Equal(404, answer!.Status);
        Assert.Equal(0, await supervisor.Send.CountAsync());
    }

    private static async Task AssertFitsAsync(ChatDriver chat, string path)
    {
        await Expect(chat.Main).ToBeVisibleAsync();
        await chat.Page.CheckWidthAsync(path);
    }
}
