using System.Text.RegularExpressions;
using Copilot.Tests.Browser.Driving;
using Copilot.Web.Components.Find;
using Copilot.Web.Components.Layout;
using Copilot.Web.Components.Mentions;
using Copilot.Web.Components.RunScreen;
using Copilot.Web.Components.RunScreen.Comments;
using Copilot.Web.Components.RunScreen.Player;
using Copilot.Web.Components.RunScreen.Review;
using Copilot.Web.Identity;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Copilot.Tests.Browser.RunScreens;

/// <summary>Two people talk about a run, and one goes through the runs of a list and of a conversation.</summary>
[Collection(BrowserCollection.Name)]
public sealed class CommentUseTests(BrowserFixture fixture, QuickApp server) : IClassFixture<QuickApp>
{
    private readonly AppProcess _app = server.App;

    [Fact]
    public async Task Comments_OfTwoPeople_AreSeenByBothAtOnce()
    {
        await using var first = await fixture.Browser.NewContextAsync(new() { ViewportSize = new() { Width = 1440, Height = 900 }, ReducedMotion = ReducedMotion.Reduce });
        await using var second = await fixture.Browser.NewContextAsync(new() { ViewportSize = new() { Width = 1440, Height = 900 }, ReducedMotion = ReducedMotion.Reduce });
        await using var third = await fixture.Browser.NewContextAsync(new() { ReducedMotion = ReducedMotion.Reduce });
        var staff = await ChatDriver.OpenAsync(first);
        await staff.SignInAsync(_app.Address, "staff");
        var run = await AskAsync(staff, "How many cooling pumps are in stock?");
        var supervisor = await ChatDriver.OpenAsync(second);
        await supervisor.SignInAsync(_app.Address, "supervisor");

        // A marker by keyboard, with somebody mentioned.
        await supervisor.Page.GotoAsync(Address($"/runs/{run}?seq=5"));
        await Expect(supervisor.Page.Locator(".live-place")).ToHaveTextAsync(new Regex("^5 / "), new() { Timeout = ChatDriver.Timeout });
        await Expect(supervisor.Page.Locator(".comments[data-mounted]")).ToBeAttachedAsync(new() { Timeout = ChatDriver.Timeout });
        await supervisor.Page.Keyboard.PressAsync("m");
        var box = supervisor.Page.GetByRole(AriaRole.Textbox, new() { NameRegex = new Regex("^Comment at ") });
        await Expect(box).ToBeFocusedAsync(new() { Timeout = ChatDriver.Timeout });
        await Expect(supervisor.Page).ToHaveURLAsync(new Regex(@"seq=5.*part=comments"));
        await box.PressSequentiallyAsync("Why this one, @st");
        await Expect(supervisor.Page.GetByRole(AriaRole.Option, new() { Name = "Staff 1", Exact = true })).ToHaveAttributeAsync("aria-selected", "true");
        await supervisor.Page.CheckLookInBothThemesAsync("comments-writing");
        await supervisor.Page.Keyboard.PressAsync("Enter");
        await Expect(box).ToHaveValueAsync("Why this one, @Staff 1 ");
        await box.PressSequentiallyAsync("<b>?</b>");
        await supervisor.Page.Keyboard.PressAsync("Control+Enter");
        var comment = Comments(supervisor).GetByText("<b>?</b>");
        await Expect(comment).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
        await Expect(supervisor.Page.Locator(".player-comment")).ToHaveCountAsync(1);

        // Who was mentioned hears of it on whatever page, and gets to the moment.
        var mentions = staff.Page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex($"^{MentionsText.Mentions}") });
        await Expect(mentions).ToContainTextAsync(MentionsText.Count(1), new() { Timeout = ChatDriver.Timeout });
        await mentions.ClickAsync();
        await Expect(staff.Page).ToHaveURLAsync(new Regex("/mentions$"));
        var list = staff.Page.GetByRole(AriaRole.List, new() { Name = MentionsText.Mentions });
        await Expect(list).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
        await staff.Page.CheckLookInBothThemesAsync("mentions");
        await list.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(staff.Page).ToHaveURLAsync(new Regex(@"/runs/run_\w+\?seq=5&part=comments$"), new() { Timeout = ChatDriver.Timeout });
        await Expect(Comments(staff).GetByText("<b>?</b>")).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
        await Expect(mentions).Not.ToContainTextAsync(MentionsText.Count(1), new() { Timeout = ChatDriver.Timeout });

        // A reply, an edit and a settling, each before the eyes of the other.
        await Comments(staff).GetByRole(AriaRole.Button, new() { NameRegex = new Regex($"^{CommentsText.Reply}: ") }).ClickAsync();
        var reply = staff.Page.GetByRole(AriaRole.Textbox, new() { Name = CommentsText.ReplyTo("Supervisor 1") });
        await Expect(reply).ToBeFocusedAsync();
        await reply.FillAsync("It was cheaper.");
        await Comments(staff).GetByRole(AriaRole.Button, new() { Name = CommentsText.Save }).ClickAsync();
        await Expect(Comments(supervisor)).ToContainTextAsync("It was cheaper.", new() { Timeout = ChatDriver.Timeout });
        await Comments(staff).GetByRole(AriaRole.Button, new() { NameRegex = new Regex($"^{CommentsText.Edit}: ") }).ClickAsync();
        var edited = staff.Page.GetByRole(AriaRole.Textbox, new() { Name = CommentsText.EditText });
        await edited.FillAsync("It was the last one.");
        await edited.PressAsync("Control+Enter");
        await Expect(Comments(supervisor)).ToContainTextAsync("It was the last one.", new() { Timeout = ChatDriver.Timeout });
        await supervisor.Page.CheckLookInBothThemesAsync("comments");
        await Comments(supervisor).GetByRole(AriaRole.Button, new() { NameRegex = new Regex($"^{CommentsText.Settle}: ") }).ClickAsync();
        await Expect(Comments(staff)).ToContainTextAsync(CommentsText.Empty(CommentFilter.Open), new() { Timeout = ChatDriver.Timeout });
        await Comments(staff).GetByRole(AriaRole.Button, new() { Name = CommentsText.Of(CommentFilter.Settled, 1) }).ClickAsync();
        await Expect(Comments(staff)).ToContainTextAsync("Resolved by Supervisor 1");
        await Comments(staff).GetByRole(AriaRole.Button, new() { NameRegex = new Regex($"^{CommentsText.Reopen}: ") }).ClickAsync();
        await Expect(Comments(supervisor).GetByText("<b>?</b>")).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });

        // A marker is stepped to and leads to its moment.
        await supervisor.Page.Locator(".live-button").ClickAsync();
        await Expect(supervisor.Page.Locator(".live-place")).Not.ToHaveTextAsync(new Regex("^5 / "));
        await Comments(supervisor).Locator(".comment-moment").ClickAsync();
        await Expect(supervisor.Page.Locator(".live-place")).ToHaveTextAsync(new Regex("^5 / "));

        // Somebody of another desk has neither the run nor its comments.
        var other = await ChatDriver.OpenAsync(third);
        await other.Page.GotoAsync(Address("/signin"));
        await other.Page.GetByText(AccountText.OtherAccounts).ClickAsync();
        await other.Page.GetByRole(AriaRole.Button, new() { Name = "Staff 2" }).ClickAsync();
        await Expect(other.Message).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
        await other.Page.GotoAsync(Address($"/runs/{run}?part=comments"));
        await other.SeeAsync(ShellText.NotFoundTitle);

        // On a phone they are a part of their own.
        await staff.Page.SetViewportSizeAsync(390, 844);
        await staff.Page.GetByRole(AriaRole.Tab, new() { Name = RunScreenText.Conversation }).ClickAsync();
        await Expect(Comments(staff)).ToBeHiddenAsync();
        await staff.Page.GetByRole(AriaRole.Tab, new() { Name = CommentsText.Comments }).ClickAsync();
        await Expect(Comments(staff)).ToBeVisibleAsync();
        await staff.Page.CheckLookInBothThemesAsync("comments-phone");
        await staff.Page.GotoAsync(Address("/mentions"));
        await Expect(staff.Page.GetByRole(AriaRole.List, new() { Name = MentionsText.Mentions })).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
        await staff.Page.CheckLookInBothThemesAsync("mentions-phone");
        Assert.Empty(staff.Complaints.Concat(supervisor.Complaints));
        Assert.All(other.Complaints, complaint => Assert.Contains("404", complaint, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Review_OfAListAndAConversation_GoesFromRunToRun()
    {
        await using var first = await fixture.Browser.NewContextAsync(new() { ReducedMotion = ReducedMotion.Reduce });
        await using var second = await fixture.Browser.NewContextAsync(new() { ViewportSize = new() { Width = 1440, Height = 900 }, ReducedMotion = ReducedMotion.Reduce });
        var staff = await ChatDriver.OpenAsync(first);
        await staff.SignInAsync(_app.Address, "staff");
        var oldest = await AskAsync(staff, "How many cooling pumps are in stock?");
        var middle = await AskAsync(staff, "And how many seal kits?");
        var newest = await AskAsync(staff, "And how many valves?");
        var supervisor = await ChatDriver.OpenAsync(second);
        await supervisor.SignInAsync(_app.Address, "supervisor");
        var page = supervisor.Page;
        var session = new Uri(staff.Page.Url).Segments[^1];
        await page.GotoAsync(Address($"/runs?session={session}"));
        var rows = page.GetByRole(AriaRole.Table, new() { Name = FindText.Runs, Exact = true }).Locator("tbody tr");
        await Expect(rows).ToHaveCountAsync(3, new() { Timeout = ChatDriver.Timeout });
        await Expect(rows.Locator(".runs-new")).ToHaveCountAsync(3);

        // From the first that was not seen, through the list.
        await page.GetByRole(AriaRole.Button, new() { Name = FindText.Review, Exact = true }).ClickAsync();
        await ShowsAsync(page, newest);
        var place = page.Locator(".review-place");
        await Expect(place).ToHaveTextAsync("1 of 3", new() { Timeout = ChatDriver.Timeout });
        await Expect(page.GetByRole(AriaRole.Navigation, new() { Name = ShellText.Breadcrumb }).GetByRole(AriaRole.Link)).ToHaveTextAsync(FindText.Runs);
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = $"{ReviewText.NextUnseen} (2)" })).ToBeVisibleAsync();
        await page.EvaluateAsync("() => { window.copilotEmpty = 0; new MutationObserver(() => { if (!document.querySelector('.run-talk')?.textContent.trim()) { window.copilotEmpty++; } }).observe(document.querySelector('main'), { childList: true, subtree: true }); }");
        await page.Keyboard.PressAsync("Alt+BracketRight");
        await ShowsAsync(page, middle);
        await Expect(place).ToHaveTextAsync("2 of 3", new() { Timeout = ChatDriver.Timeout });
        await page.Keyboard.PressAsync("Alt+BracketLeft");
        await ShowsAsync(page, newest);
        await page.Keyboard.PressAsync("n");
        await ShowsAsync(page, oldest);
        await Expect(place).ToHaveTextAsync("3 of 3", new() { Timeout = ChatDriver.Timeout });
        await Expect(page.Locator(".review")).ToContainTextAsync(ReviewText.AllSeen);
        await page.GetByRole(AriaRole.Button, new() { Name = ReviewText.MarkUnseen }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = ReviewText.MarkedUnseen })).ToBeDisabledAsync(new() { Timeout = ChatDriver.Timeout });
        await supervisor.Page.CheckLookInBothThemesAsync("review");

        // The conversation plays across its runs, without an empty screen between them.
        var strip = page.GetByRole(AriaRole.Navigation, new() { Name = SessionStripText.Runs });
        await Expect(strip.GetByRole(AriaRole.Link)).ToHaveCountAsync(3, new() { Timeout = ChatDriver.Timeout });
        await Expect(strip.Locator("[aria-current]")).ToContainTextAsync("cooling pumps");
        await strip.Locator("ol").EvaluateAsync("list => { list.style.width = '40px'; }");
        var playsOn = page.GetByLabel(PlayerText.PlayOn, new() { Exact = true });
        await Expect(playsOn).ToBeCheckedAsync();
        await page.GetByRole(AriaRole.Combobox, new() { Name = PlayerText.Speed }).SelectOptionAsync(PlayerText.SpeedOf(64));
        await page.GetByRole(AriaRole.Button, new() { Name = PlayerText.Play, Exact = true }).ClickAsync();
        await ShowsAsync(page, newest);
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = PlayerText.Play, Exact = true })).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
        await Expect(page).ToHaveURLAsync(new Regex($@"/runs/{newest}\?from="));
        await Expect(strip.Locator("[aria-current]")).ToContainTextAsync("valves");
        // As many as do not fit: the one that is shown is in sight.
        await Expect(strip.Locator("[aria-current]")).ToBeInViewportAsync(new() { Ratio = 0.5f });
        await strip.Locator("ol").EvaluateAsync("list => { list.style.width = ''; }");
        Assert.Equal(0, await page.EvaluateAsync<int>("window.copilotEmpty"));

        // Off, it ends with the run; that is remembered.
        await page.GetByLabel(PlayerText.PlayOn, new() { Exact = true }).UncheckAsync();
        await strip.GetByRole(AriaRole.Link).First.ClickAsync();
        await ShowsAsync(page, oldest);
        await Expect(page.GetByLabel(PlayerText.PlayOn, new() { Exact = true })).Not.ToBeCheckedAsync();
        await page.GetByRole(AriaRole.Combobox, new() { Name = PlayerText.Speed }).SelectOptionAsync(PlayerText.SpeedOf(1));
        await page.GetByRole(AriaRole.Button, new() { Name = PlayerText.Play, Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = PlayerText.Pause, Exact = true })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Combobox, new() { Name = PlayerText.Speed }).SelectOptionAsync(PlayerText.SpeedOf(64));
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = PlayerText.Play, Exact = true })).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
        await ShowsAsync(page, oldest);

        // On a phone the bar is a line of its own. Back in the list all were seen.
        await page.SetViewportSizeAsync(390, 844);
        await supervisor.Page.CheckLookInBothThemesAsync("review-phone");
        await page.SetViewportSizeAsync(1440, 900);
        await page.GetByRole(AriaRole.Navigation, new() { Name = ShellText.Breadcrumb }).GetByRole(AriaRole.Link).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex($@"/runs\?session={session}$"), new() { Timeout = ChatDriver.Timeout });
        await Expect(rows).ToHaveCountAsync(3, new() { Timeout = ChatDriver.Timeout });
        await Expect(rows.Locator(".runs-new")).ToHaveCountAsync(0);
        await page.GotoAsync(Address($"/runs?session={session}&seen=no"));
        await supervisor.SeeAsync(FindText.NothingFound);

        // The bar grows with the conversation.
        await page.GotoAsync(Address($"/runs/{newest}"));
        await Expect(strip.GetByRole(AriaRole.Link)).ToHaveCountAsync(3, new() { Timeout = ChatDriver.Timeout });
        await AskAsync(staff, "And how many gaskets?");
        await Expect(strip.GetByRole(AriaRole.Link)).ToHaveCountAsync(4, new() { Timeout = ChatDriver.Timeout });
        Assert.Empty(staff.Complaints.Concat(supervisor.Complaints));
    }

    private static ILocator Comments(ChatDriver driver) => driver.Page.Locator("#run-comments");

    private static async Task<string> AskAsync(ChatDriver staff, string question)
    {
        await staff.AskAsync(question);
        await staff.SeeStatusAsync("completed");
        return (await staff.Page.Locator("article.turn").Last.GetAttributeAsync("data-run"))!;
    }

    private static Task ShowsAsync(IPage page, string run) =>
        Expect(page.Locator(".run-talk article.turn")).ToHaveAttributeAsync("data-run", run, new() { Timeout = ChatDriver.Timeout });

    private string Address(string path) => new Uri(_app.Address, path).ToString();
}
