using Copilot.Tests.Browser.Driving;
using Copilot.Web.Components.Chat;
using Copilot.Web.Components.Timeline.Shared;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Copilot.Tests.Browser;

/// <summary>Copying in browsers that have no clipboard for the page or refuse it.</summary>
[Collection(BrowserCollection.Name)]
public sealed class CopyTests(BrowserFixture fixture) : IAsyncLifetime
{
    private const string Refused = "navigator.clipboard.writeText = () => Promise.reject(new DOMException('No.', 'NotAllowedError'));";

    private IBrowserContext _context = null!;
    private AppProcess _app = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await AppProcess.StartAsync("DemoTools:Latency=00:00:00");
        _context = await fixture.Browser.NewContextAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _context.CloseAsync();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Copy_ClipboardIsRefused_IsCopiedAnotherWay()
    {
        await _context.AddInitScriptAsync(Refused + "document.execCommand = name => { window.copied = document.activeElement.value; return name === 'copy'; };");
        var chat = await AnsweredAsync();

        await chat.Page.GetByRole(AriaRole.Button, new() { Name = ChatText.CopyQuestion }).ClickAsync();

        await Expect(chat.Page.Locator("[role=status]", new() { HasText = ChatText.Copied })).ToHaveCountAsync(1);
        Assert.Equal("Show me Markdown", await chat.Page.EvaluateAsync<string>("window.copied"));
        Assert.Empty(chat.Complaints);
    }

    [Fact]
    public async Task Copy_NothingWorks_SaysSoAndThePageGoesOn()
    {
        await _context.AddInitScriptAsync(Refused + "document.execCommand = () => { throw new Error('Not here.'); };");
        var chat = await AnsweredAsync();

        await chat.Page.GetByRole(AriaRole.Button, new() { Name = ChatText.CopyAnswer }).ClickAsync();
        await Expect(chat.Page.Locator(".toast")).ToContainTextAsync(ChatText.NotCopied);

        var code = chat.Page.Locator("[data-copy]").First;
        await code.ClickAsync();
        await Expect(code).ToHaveTextAsync(TimelineText.NotCopied);
        await Expect(code).ToHaveTextAsync(TimelineText.Copy);

        Assert.False(await chat.WasReloadedAsync());
        Assert.Empty(chat.Complaints);
    }

    private async Task<ChatDriver> AnsweredAsync()
    {
        var chat = await ChatDriver.OpenAsync(_context);
        await chat.SignInAsync(_app.Address, "staff");
        await chat.MarkAsync();
        await chat.AskAsync("Show me Markdown");
        await chat.SeeStatusAsync("completed");
        return chat;
    }
}
