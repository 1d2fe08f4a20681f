using System.Text.Json;
using Copilot.Tests.Browser.Driving;
using Copilot.Web.Components.Chat;
using Copilot.Web.Components.Timeline.Shared;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Copilot.Tests.Browser;

/// <summary>Copying in browsers that have no clipboard for the page or refuse it.</summary>
[Collection(ConversationBrowserCollection.Name)]
public sealed class CopyTests(BrowserFixture fixture, QuickApp server) : BrowserScene(fixture)
{
    private const string Refused = "navigator.clipboard.writeText = () => Promise.reject(new DOMException('No.', 'NotAllowedError'));";

    private readonly AppProcess _app = server.App;

    [Fact]
    public async Task Copy_ClipboardIsRefused_IsCopiedAnotherWay()
    {
        await Context.AddInitScriptAsync(Refused + "document.execCommand = name => { window.copied = document.activeElement.value; return name === 'copy'; };");
        var chat = await AnsweredAsync();

        await chat.Page.GetByRole(AriaRole.Button, new() { Name = ChatText.CopyQuestion }).ClickAsync();

        await Expect(chat.Page.Locator("[role=status]", new() { HasText = ChatText.Copied })).ToHaveCountAsync(1);
        Assert.Equal("Show me Markdown", await chat.Page.EvaluateAsync<string>("window.copied"));
        Assert.Empty(chat.Complaints);
    }

    [Fact]
    public async Task Copy_NothingWorks_SaysSoAndThePageGoesOn()
    {
        await Context.AddInitScriptAsync(Refused + "document.execCommand = () => { throw new Error('Not here.'); };");
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

    [Fact]
    public async Task Copy_CodeAnswerTableAndToolOutput_AreWhole()
    {
        await Context.AddInitScriptAsync("navigator.clipboard.writeText = text => { window.copied = text; return Promise.resolve(); };");
        var chat = await AnsweredAsync();
        var answer = await RunTextAsync(chat);

        await chat.Page.Locator(".md-code [data-copy]").ClickAsync();
        Assert.Contains($"```csharp\n{await CopiedAsync(chat)}", answer, StringComparison.Ordinal);
        await chat.Page.GetByRole(AriaRole.Button, new() { Name = ChatText.CopyAnswer }).ClickAsync();
        await Expect(chat.Page.Locator("[role=status]", new() { HasText = ChatText.Copied })).ToHaveCountAsync(1);
        Assert.Equal(answer, await CopiedAsync(chat));

        // What a person marks with the mouse: the cells of a table apart, and none of the buttons.
        var marked = await chat.Page.EvaluateAsync<string>("getSelection().selectAllChildren(document.querySelector('.answer')) ?? getSelection().toString()");
        Assert.Contains("Part\tIn stock\tPrice", marked, StringComparison.Ordinal);
        Assert.DoesNotContain(TimelineText.WrapLines, marked, StringComparison.Ordinal);
        Assert.DoesNotContain(TimelineText.Copy, marked, StringComparison.Ordinal);

        await chat.AskAsync("Which cooling pumps are in stock?");
        await chat.SeeStatusAsync("completed");
        await chat.UnfoldAsync();
        await chat.Timeline.Last.Locator(".tool .head").ClickAsync();
        await chat.Timeline.Last.Locator("figure").Last.Locator("[data-copy]").ClickAsync();
        using var copied = JsonDocument.Parse(await CopiedAsync(chat));
        Assert.Equal(JsonValueKind.Object, copied.RootElement.ValueKind);
        Assert.Empty(chat.Complaints);
    }

    private static Task<string> CopiedAsync(ChatDriver chat) => chat.Page.EvaluateAsync<string>("window.copied");

    private async Task<string> RunTextAsync(ChatDriver chat)
    {
        var run = await chat.Page.Locator("article.turn").Last.GetAttributeAsync("data-run");
        using var document = JsonDocument.Parse(await _app.Api.GetStringAsync(new Uri($"/api/runs/{run}", UriKind.Relative)));
        return document.RootElement.GetProperty("output_text").GetString()!;
    }

    private async Task<ChatDriver> AnsweredAsync()
    {
        var chat = await ChatDriver.OpenAsync(Context);
        await chat.SignInAsync(_app.Address, "staff");
        await chat.MarkAsync();
        await chat.AskAsync("Show me Markdown");
        await chat.SeeStatusAsync("completed");
        return chat;
    }
}
