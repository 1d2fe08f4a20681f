using System.Collections.Concurrent;
using System.Text;
using Copilot.Tests.Browser.Driving;
using Copilot.Web.Components.Layout;
using Copilot.Web.Components;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Copilot.Tests.Browser;

/// <summary>The shell by keyboard alone: palette, help, menus, dialogs and the notice that takes something back.</summary>
[Collection(BrowserCollection.Name)]
public sealed class ShellTests(BrowserFixture fixture, QuickApp server) : BrowserScene(fixture, 1200, 800)
{
    private const string Question = "How many cooling pumps are in stock?";

    private readonly AppProcess _app = server.App;

    [Fact]
    public async Task PaletteAndHelp_ByKeyboardAlone_GoThereAndGiveTheFocusBack()
    {
        var chat = await ChatDriver.OpenAsync(Context);
        await chat.SignInAsync(_app.Address, "staff");
        await chat.AskAsync(Question);
        await chat.SeeStatusAsync("completed");
        var conversation = chat.Page.Url;
        await chat.Page.GotoAsync(_app.Address.ToString());
        await Expect(chat.Message).ToBeFocusedAsync();
        var dialog = chat.Page.GetByRole(AriaRole.Dialog);

        // A question mark that is written is written.
        await chat.Page.Keyboard.PressAsync("?");
        await Expect(chat.Message).ToHaveValueAsync("?");
        await chat.Page.Keyboard.PressAsync("Backspace");
        Assert.Equal(0, await dialog.CountAsync());

        await chat.Page.Keyboard.PressAsync("Control+k");
        var box = dialog.GetByRole(AriaRole.Combobox, new() { Name = ShellText.Palette });
        await Expect(box).ToBeFocusedAsync();
        await chat.Page.Keyboard.PressAsync("Escape");
        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(chat.Message).ToBeFocusedAsync();

        await chat.Page.Keyboard.PressAsync("Control+k");
        await Expect(box).ToBeFocusedAsync();
        await chat.Page.Keyboard.TypeAsync("cooling");
        await Expect(dialog.GetByRole(AriaRole.Option, new() { Selected = true })).ToContainTextAsync("cooling pumps");
        await chat.Page.Keyboard.PressAsync("Enter");
        await Expect(chat.Page).ToHaveURLAsync(conversation);
        await Expect(dialog).ToHaveCountAsync(0);

        await chat.SeeStatusAsync("completed");
        await chat.Page.EvaluateAsync("document.activeElement.blur()");
        await chat.Page.Keyboard.PressAsync("?");
        await Expect(dialog).ToContainTextAsync(ShellText.Palette);
        await Expect(dialog).ToHaveAttributeAsync("aria-modal", "true");
        await chat.Page.WaitForFunctionAsync("() => document.querySelector('[role=dialog]').contains(document.activeElement)");
        await chat.Page.Keyboard.PressAsync("Escape");
        await Expect(dialog).ToHaveCountAsync(0);
        Assert.Empty(chat.Complaints);
    }

    [Fact]
    public async Task Rename_ByKeyboardAndTakenBack_RestoresTheTitle()
    {
        var chat = await ChatDriver.OpenAsync(Context);
        await chat.SignInAsync(_app.Address, "staff");
        await chat.AskAsync(Question);
        await chat.SeeStatusAsync("completed");
        var current = chat.Page.Locator(".conversation.current");
        var options = current.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Options for ") });
        var title = current.Locator(".conversation-title");

        await options.FocusAsync();
        await chat.Page.Keyboard.PressAsync("Enter");
        await Expect(chat.Page.GetByRole(AriaRole.Menuitem, new() { Name = ShellText.Rename })).ToBeFocusedAsync();
        await chat.Page.Keyboard.PressAsync("ArrowDown");
        await Expect(chat.Page.GetByRole(AriaRole.Menuitem, new() { Name = ShellText.Pin })).ToBeFocusedAsync();
        await chat.Page.Keyboard.PressAsync("Escape");
        await Expect(chat.Page.GetByRole(AriaRole.Menu)).ToHaveCountAsync(0);
        await Expect(options).ToBeFocusedAsync();
        await chat.Page.Keyboard.PressAsync("Enter");
        await Expect(chat.Page.GetByRole(AriaRole.Menuitem, new() { Name = ShellText.Rename })).ToBeFocusedAsync();
        await chat.Page.Keyboard.PressAsync("Enter");
        var box = chat.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Textbox);
        await Expect(box).ToBeFocusedAsync();
        await box.FillAsync("Pumps");
        await chat.Page.Keyboard.PressAsync("Enter");
        await Expect(title).ToHaveTextAsync("Pumps");

        await chat.Page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();

        await Expect(title).ToHaveTextAsync(Question);
        await Expect(chat.Page.Locator(".toast")).ToHaveCountAsync(0);
        Assert.Empty(chat.Complaints);
    }

    [Fact]
    public async Task Notice_PointerComesToItOrFocus_IsHeldUntilTheyHaveLeft()
    {
        var chat = await ChatDriver.OpenAsync(Context);
        var held = new ConcurrentQueue<bool>();
        chat.Page.WebSocket += (_, socket) => socket.FrameSent += (_, frame) =>
        {
            var words = frame.Binary is { } bytes ? Encoding.UTF8.GetString(bytes) : frame.Text ?? "";
            if (words.Contains("Hold", StringComparison.Ordinal))
            {
                held.Enqueue(words.Contains("[true]", StringComparison.Ordinal));
            }
        };
        await chat.SignInAsync(_app.Address, "staff");
        await chat.AskAsync(Question);
        await chat.SeeStatusAsync("completed");

        // It comes up under a pointer at rest, which does not mean it.
        await chat.Page.Mouse.MoveAsync(900, 90);
        await chat.Page.Locator(".conversation.current").GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Options for ") }).FocusAsync();
        await chat.Page.Keyboard.PressAsync("Enter");
        await Expect(chat.Page.GetByRole(AriaRole.Menuitem, new() { Name = ShellText.Rename })).ToBeFocusedAsync();
        await chat.Page.Keyboard.PressAsync("Enter");
        await chat.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Textbox).FillAsync("Pumps");
        await chat.Page.Keyboard.PressAsync("Enter");
        await Expect(chat.Page.Locator(".toast")).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
        Assert.Empty(held);

        await chat.Page.Mouse.MoveAsync(904, 92);
        await chat.Page.Mouse.MoveAsync(300, 500);
        await chat.Page.GetByRole(AriaRole.Button, new() { Name = ShellText.CloseNotice }).FocusAsync();
        await chat.Page.Keyboard.PressAsync("Enter");
        await Expect(chat.Page.Locator(".toast")).ToHaveCountAsync(0);

        Assert.Equal([true, false, true, false], held);
        Assert.Empty(chat.Complaints);
    }

    [Fact]
    public async Task Conversation_PinnedArchivedAndFound_IsWhereItBelongs()
    {
        var chat = await ChatDriver.OpenAsync(Context);
        await chat.SignInAsync(_app.Address, "staff");
        const string question = "How many valves do we have in stock?";
        await chat.AskAsync(question);
        await chat.SeeStatusAsync("completed");
        await Expect(chat.Page).ToHaveTitleAsync(ShellText.PageTitle(question));
        var options = chat.Page.GetByRole(AriaRole.Button, new() { Name = ShellText.Options(question) });
        var conversation = chat.Page.Locator(".conversation", new() { HasText = question });
        var groups = chat.Page.Locator(".day");

        await options.ClickAsync();
        await chat.Page.GetByRole(AriaRole.Menuitem, new() { Name = ShellText.Pin, Exact = true }).ClickAsync();
        await Expect(groups.First).ToHaveTextAsync(ShellText.Pinned);
        await options.ClickAsync();
        await chat.Page.GetByRole(AriaRole.Menuitem, new() { Name = ShellText.Archive, Exact = true }).ClickAsync();
        await Expect(conversation).ToHaveCountAsync(0);

        // Archived, it is found, with the words where they stand; the link leads there.
        var search = chat.Page.GetByRole(AriaRole.Searchbox, new() { Name = ShellText.SearchConversations });
        await search.FillAsync("valves");
        await Expect(groups).ToHaveTextAsync([ShellText.Results]);
        await Expect(conversation.Locator("mark").First).ToHaveTextAsync("valves");
        await conversation.Locator("a").ClickAsync();
        await Expect(chat.Page).ToHaveURLAsync(new Regex("#run_"));
        await Expect(chat.Page.Locator("article.turn")).ToBeInViewportAsync();
        await search.FocusAsync();
        await chat.Page.Keyboard.PressAsync("Escape");
        await Expect(search).ToHaveValueAsync("");
        await Expect(conversation).ToHaveCountAsync(0);

        // The history can be hidden, which the browser remembers.
        var history = chat.Page.GetByRole(AriaRole.Button, new() { Name = ShellText.History, Exact = true });
        await Expect(history).ToHaveAttributeAsync("aria-expanded", "true");
        await history.ClickAsync();
        await Expect(search).ToBeHiddenAsync();
        await chat.Page.ReloadAsync();
        await Expect(history).ToHaveAttributeAsync("aria-expanded", "false");
        await Expect(search).ToBeHiddenAsync();
        await history.ClickAsync();
        await Expect(search).ToBeVisibleAsync();
        Assert.Empty(chat.Complaints);
    }

    [Fact]
    public async Task Drawer_OnAPhone_OpensClosesByEscapeAndGivesTheFocusBack()
    {
        await using var phone = await Browser.NewContextAsync(new() { ViewportSize = new() { Width = 390, Height = 844 } });
        var chat = await ChatDriver.OpenAsync(phone);
        await chat.SignInAsync(_app.Address, "admin");
        var history = chat.Page.GetByRole(AriaRole.Button, new() { Name = ShellText.OpenHistory });
        var navigation = chat.Page.GetByRole(AriaRole.Navigation, new() { Name = ShellText.Main });
        await Expect(navigation).ToBeHiddenAsync();

        await history.ClickAsync();
        await Expect(navigation).ToBeVisibleAsync();
        await Expect(chat.Page.Locator(".sidebar-inner")).ToBeFocusedAsync();
        await chat.Page.Keyboard.PressAsync("Escape");
        await Expect(navigation).ToBeHiddenAsync();
        await Expect(history).ToBeFocusedAsync();

        await history.ClickAsync();
        await navigation.GetByRole(AriaRole.Link, new() { Name = ErasureText.Title }).ClickAsync();
        await Expect(chat.Page.GetByRole(AriaRole.Navigation, new() { Name = ShellText.Breadcrumb })).ToContainTextAsync(ErasureText.Title);
        await Expect(navigation).ToBeHiddenAsync();
        Assert.Empty(chat.Complaints);
    }
}
