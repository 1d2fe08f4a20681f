using Copilot.Tests.Browser.Driving;
using System.Text.RegularExpressions;
using Copilot.Web.Components.Chat;
using Copilot.Web.Components.Chat.Composer;
using Copilot.Web.Sessions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Copilot.Tests.Browser.Composer;

/// <summary>The message box: what is pressed is never lost, and keys that belong to somebody else are left alone.</summary>
[Collection(ConversationBrowserCollection.Name)]
public sealed class ComposerTests(BrowserFixture fixture, QuickApp quick, SlowApp slow) : BrowserScene(fixture, 1200, 800)
{
    private const string Question = "How many cooling pumps are in stock?";
    private const string Other = "Which customers in Leeds have a boiler?";

    // One key as the browser reports it, whatever the keyboard is.
    private const string Press = """
        ([selector, key, keyCode]) => {
          const event = new KeyboardEvent('keydown', { key, keyCode, bubbles: true, cancelable: true });
          document.querySelector(selector).dispatchEvent(event);
        }
        """;

    private readonly AppProcess _app = quick.App;
    private readonly AppProcess _slow = slow.App;

    [Fact]
    public async Task Typing_WithinTheRoundTripOfASend_StaysAndIsNotSentAgain()
    {
        var chat = await ChatDriver.OpenAsync(Context);
        await chat.SignInAsync(_app.Address, "staff");

        await SendAndTypeOnAsync(chat, Question);
        await Expect(chat.Page).ToHaveURLAsync(new Regex("/chat/ses_"));
        await chat.SeeStatusAsync("completed");
        await Expect(chat.Message).ToHaveValueAsync("and also this");
        await SendAndTypeOnAsync(chat, Other);
        await Expect(chat.Page.Locator(".bubble")).ToHaveCountAsync(2);
        await chat.SeeStatusAsync("completed");

        await Expect(chat.Message).ToHaveValueAsync("and also this");
        await Expect(chat.Page.Locator(".bubble")).ToHaveTextAsync([Question, Other]);
        Assert.Empty(chat.Complaints);
    }

    [Fact]
    public async Task Keys_OfAnInputMethod_NeitherSendNorStop()
    {
        var chat = await ChatDriver.OpenAsync(Context);
        await chat.SignInAsync(_slow.Address, "staff");
        await chat.AskAsync("Show me Markdown");
        await chat.SeeAsync("In stock");
        await chat.Message.FillAsync("kanji");

        await chat.Page.EvaluateAsync(Press, new object[] { ".composer-text", "Enter", 229 });
        await chat.Page.EvaluateAsync(Press, new object[] { ".composer-text", "Escape", 229 });
        await chat.Page.GetByRole(AriaRole.Searchbox).FillAsync("pump");
        await chat.Page.GetByRole(AriaRole.Searchbox).PressAsync("Escape");
        await Expect(chat.Page.GetByRole(AriaRole.Searchbox)).ToHaveValueAsync("");

        await chat.SeeStatusAsync("completed");
        await Expect(chat.Message).ToHaveValueAsync("kanji");
        await Expect(chat.Page.Locator(".bubble")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Editor_EscapeOfAnInputMethod_KeepsTheEdit()
    {
        var chat = await ChatDriver.OpenAsync(Context);
        await chat.SignInAsync(_app.Address, "staff");
        await chat.AskAsync(Question);
        await chat.SeeStatusAsync("completed");
        await chat.Message.PressAsync("ArrowUp");
        var editor = chat.Page.GetByRole(AriaRole.Textbox, new() { Name = ChatText.EditYourQuestion });
        await Expect(editor).ToBeFocusedAsync();

        await chat.Page.EvaluateAsync(Press, new object[] { ".message-editor textarea", "Escape", 229 });
        await Expect(editor).ToBeVisibleAsync();
        await editor.PressAsync("Escape");

        await Expect(editor).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Enter_OnAScreenKeyboard_IsANewLine()
    {
        await using var phone = await Browser.NewContextAsync(new()
        {
            ViewportSize = new() { Width = 390, Height = 844 },
            HasTouch = true,
            IsMobile = true,
        });
        var chat = await ChatDriver.OpenAsync(phone);
        await chat.SignInAsync(_app.Address, "staff");

        await chat.Message.PressSequentiallyAsync("One");
        await chat.Message.PressAsync("Enter");
        await chat.Message.PressSequentiallyAsync("Two");

        await Expect(chat.Message).ToHaveValueAsync("One\nTwo");
        await Expect(chat.Message).ToHaveAttributeAsync("enterkeyhint", "enter");
    }

    [Fact]
    public async Task Queue_MessageIsTakenBack_StandsInTheBoxBeforeWhatIsWritten()
    {
        var chat = await ChatDriver.OpenAsync(Context);
        await chat.SignInAsync(_app.Address, "staff");
        // It waits for a decision, so what follows it stays in the queue.
        await chat.AskAsync("Order two cooling pumps");
        await chat.SeeStatusAsync("waiting");
        await chat.AskAsync(Question);
        await chat.Message.FillAsync("And prices?");

        await chat.Page.Locator(".queue").GetByRole(AriaRole.Button, new() { Name = ComposerText.EditQueued }).ClickAsync();

        await Expect(chat.Message).ToHaveValueAsync($"{Question}\n\nAnd prices?");
        await Expect(chat.Page.Locator(".queue li")).ToHaveCountAsync(0);
        await chat.Stop.ClickAsync();
        await chat.SeeStatusAsync("cancelled");
        await Expect(chat.Page.Locator(".bubble")).ToHaveCountAsync(1);
        Assert.Empty(chat.Complaints);
    }

    [Fact]
    public async Task Queue_SeveralTabsSendAtOnce_IsTheSameInEachAndLosesAndRepeatsNothing()
    {
        var one = await ChatDriver.OpenAsync(Context);
        await one.SignInAsync(_app.Address, "staff");
        // It waits for a decision, so what follows it stays in the queue.
        await one.AskAsync("Order two cooling pumps");
        await one.SeeStatusAsync("waiting");
        var two = await ChatDriver.OpenAsync(Context);
        await two.Page.GotoAsync(one.Page.Url);
        await two.SeeStatusAsync("waiting");
        await Expect(two.Page.Locator("[data-file-pick]")).ToBeEnabledAsync(new() { Timeout = ChatDriver.Timeout });

        await Task.WhenAll(SendBothAsync(one, "First of one", "Second of one"), SendBothAsync(two, "First of two", "Second of two"));
        await Expect(Queue(one)).ToHaveCountAsync(4, new() { Timeout = ChatDriver.Timeout });
        var order = await Queue(one).AllInnerTextsAsync();
        await Expect(Queue(two)).ToHaveTextAsync(order, new() { Timeout = ChatDriver.Timeout });
        Assert.Equal(["First of one", "Second of one"], order.Where(text => text.EndsWith("one", StringComparison.Ordinal)));
        Assert.Equal(["First of two", "Second of two"], order.Where(text => text.EndsWith("two", StringComparison.Ordinal)));
        Assert.Equal(4, order.Distinct().Count());

        // A tab that was duplicated has what was written in the first, and is no second half of it.
        await one.Message.FillAsync("Third of one");
        var three = new ChatDriver(await Context.RunAndWaitForPageAsync(() => one.Page.EvaluateAsync("void window.open(location.href)")));
        await Expect(three.Message).ToHaveValueAsync("Third of one", new() { Timeout = ChatDriver.Timeout });
        await Expect(three.Page.Locator("[data-file-pick]")).ToBeEnabledAsync(new() { Timeout = ChatDriver.Timeout });
        await one.Stop.ClickAsync();
        await one.SeeStatusAsync("completed");
        await Expect(Queue(three)).ToHaveCountAsync(0, new() { Timeout = ChatDriver.Timeout });
        await one.Send.ClickAsync();
        await Expect(one.Message).ToHaveValueAsync("");
        await three.Message.FillAsync("Only of three");
        await three.Send.ClickAsync();

        string[] asked = ["Order two cooling pumps", .. order, "Third of one", "Only of three"];
        foreach (var tab in (ChatDriver[])[one, two, three])
        {
            await Expect(tab.Page.Locator(".bubble")).ToHaveTextAsync(asked, new() { Timeout = ChatDriver.Timeout });
            await tab.SeeStatusAsync("completed");
        }

        Assert.Empty(one.Complaints.Concat(two.Complaints));

        static ILocator Queue(ChatDriver tab) => tab.Page.Locator(".queue .queue-text");

        static async Task SendBothAsync(ChatDriver tab, string first, string second)
        {
            foreach (var text in (string[])[first, second])
            {
                await tab.Message.FillAsync(text);
                await tab.Message.PressAsync("Enter");
                await Expect(tab.Message).ToHaveValueAsync("", new() { Timeout = ChatDriver.Timeout });
            }
        }
    }

    [Fact]
    public async Task Paste_TooLongToSend_IsAttachedAsAFile()
    {
        var chat = await ChatDriver.OpenAsync(Context);
        await chat.SignInAsync(_app.Address, "staff");
        await chat.Message.FillAsync(new string('x', ChatCommands.MaxTextLength + 1));
        await chat.Message.PressAsync("Enter");
        await chat.SeeAsync(ComposerText.MessageTooLong(ChatCommands.MaxTextLength));

        await chat.Page.GetByRole(AriaRole.Button, new() { Name = ComposerText.AttachAsFile }).ClickAsync();

        await Expect(chat.Page.Locator(".file-chip[data-state=done]")).ToContainTextAsync(ComposerText.PastedFileName);
        await Expect(chat.Message).ToHaveValueAsync("");
        await Expect(chat.Send).ToBeEnabledAsync();
        Assert.Empty(chat.Complaints);
    }

    [Fact]
    public async Task Drop_OnTheSidebar_IsAttached()
    {
        var chat = await ChatDriver.OpenAsync(Context);
        await chat.SignInAsync(_app.Address, "staff");

        await chat.Page.EvaluateAsync("""
            selector => {
              const data = new DataTransfer();
              data.items.add(new File(['pumps'], 'pumps.txt', { type: 'text/plain' }));
              document.querySelector(selector).dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
            }
            """, "#sidebar");

        await Expect(chat.Page.Locator(".file-chip[data-state=done]")).ToContainTextAsync("pumps.txt");
        Assert.Empty(chat.Complaints);
    }

    private static async Task SendAndTypeOnAsync(ChatDriver chat, string text) => await chat.Page.EvaluateAsync("""
        text => {
          const box = document.querySelector('.composer-text');
          const write = words => {
            box.value = words;
            box.dispatchEvent(new Event('input', { bubbles: true }));
          };
          write(text);
          box.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
          write(box.value + 'and also this');
        }
        """, text);
}
