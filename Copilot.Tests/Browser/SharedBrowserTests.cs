using Copilot.Tests.Browser.Driving;
using System.Text.RegularExpressions;
using Copilot.Web.Components.Chat.Composer;
using Copilot.Web.Identity;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Copilot.Tests.Browser;

/// <summary>A browser that several people use: a tab that was lost comes back for nobody but the sign-in that has opened it.</summary>
[Collection(BrowserCollection.Name)]
public sealed class SharedBrowserTests(BrowserFixture fixture, QuickApp server) : BrowserScene(fixture)
{
    private const string Question = "How many cooling pumps are in stock?";

    private readonly AppProcess _app = server.App;
    private TcpProxy _proxy = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _proxy = Own(new TcpProxy(_app.Port));
    }

    [Fact]
    public async Task Reconnect_SomebodyElseHasSignedIn_ShowsNothingOfThePersonBefore()
    {
        var lost = await LostTabAsync();
        var other = await ChatDriver.OpenAsync(Context);
        await SignOutAsync(other);
        await SignInAsSecondAsync(other);

        _proxy.Restore();
        await lost.SeeReconnectedAsync("copilot.reloads");

        await Expect(lost.Page.GetByText("Account: Staff 2").Or(lost.Page.GetByLabel("Account: Staff 2"))).ToBeAttachedAsync(new() { Timeout = ChatDriver.Timeout });
        Assert.DoesNotContain("Staff 1", await lost.Page.ContentAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("cooling pumps", await lost.Page.InnerTextAsync("body"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reconnect_SignedOutMeanwhile_LeadsToTheSignIn()
    {
        var lost = await LostTabAsync();
        await SignOutAsync(await ChatDriver.OpenAsync(Context));

        _proxy.Restore();

        await Expect(lost.Page).ToHaveURLAsync(new Regex("/signin"), new() { Timeout = ChatDriver.Timeout });
        Assert.DoesNotContain("cooling pumps", await lost.Page.InnerTextAsync("body"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignOut_InAnotherTab_TakesThePersonOffThisOne()
    {
        var open = await ChatDriver.OpenAsync(Context);
        await open.SignInAsync(_app.Address, "staff");
        await open.AskAsync(Question);
        await open.SeeStatusAsync("completed");

        await SignOutAsync(await ChatDriver.OpenAsync(Context));

        await Expect(open.Page).ToHaveURLAsync(new Regex("/signin"), new() { Timeout = ChatDriver.Timeout });
        Assert.Empty(open.Complaints);
    }

    [Fact]
    public async Task SignIn_AnotherPersonInTheSameTab_HasNeitherTheDraftNorTheMessageOfTheOneBefore()
    {
        var tab = await ChatDriver.OpenAsync(Context);
        await tab.SignInAsync(_proxy.Address, "staff");
        _proxy.Stall();
        await tab.Message.FillAsync(Question);
        await tab.Message.PressAsync("Enter");
        await tab.Message.FillAsync("Private words");
        _proxy.Cut();
        _proxy.Flow();
        await tab.SeeAsync(ComposerText.LastHeldUntilConnected);
        _proxy.Restore();

        await SignOutAsync(tab, _proxy.Address);
        await SignInAsSecondAsync(tab);

        await Expect(tab.Message).ToHaveValueAsync("");
        await Expect(tab.Page.Locator("[data-file-pick]")).ToBeEnabledAsync(new() { Timeout = ChatDriver.Timeout });
        await Expect(tab.Page.Locator(".bubble")).ToHaveCountAsync(0);
        Assert.DoesNotContain("copilot.outgoing", await tab.Page.EvaluateAsync<string[]>("Object.keys(sessionStorage)"));
        Assert.DoesNotContain("copilot.draft.new", await tab.Page.EvaluateAsync<string[]>("Object.keys(sessionStorage)"));
    }

    [Fact]
    public async Task SignIn_SamePersonInTheSameTab_FindsTheDraftAgain()
    {
        var tab = await ChatDriver.OpenAsync(Context);
        await tab.SignInAsync(_app.Address, "staff");
        await tab.Message.FillAsync("Words for later");

        await SignOutAsync(tab);
        await tab.SignInAsync(_app.Address, "staff");

        await Expect(tab.Message).ToHaveValueAsync("Words for later");
    }

    private async Task<ChatDriver> LostTabAsync()
    {
        var tab = await ChatDriver.OpenAsync(Context);
        await tab.SignInAsync(_proxy.Address, "staff");
        await tab.AskAsync(Question);
        await tab.SeeStatusAsync("completed");
        await tab.MarkAsync();
        _proxy.Cut();
        return tab;
    }

    private async Task SignOutAsync(ChatDriver chat, Uri? address = null)
    {
        await chat.Page.GotoAsync(new Uri(address ?? _app.Address, "/signout").ToString());
        await chat.Page.GetByRole(AriaRole.Button, new() { Name = AccountText.SignOut, Exact = true }).ClickAsync();
        await Expect(chat.Page).ToHaveURLAsync(new Regex("/signin"), new() { Timeout = ChatDriver.Timeout });
    }

    private static async Task SignInAsSecondAsync(ChatDriver chat)
    {
        await chat.Page.GetByText(AccountText.OtherAccounts).ClickAsync();
        await chat.Page.GetByRole(AriaRole.Button, new() { Name = "Staff 2", Exact = true }).ClickAsync();
        await Expect(chat.Message).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
    }
}
