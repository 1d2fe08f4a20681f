using Copilot.Tests.Browser.Driving;
using Copilot.Web.Components.Chat;
using Copilot.Web.Components.RunScreen;
using Copilot.Web.Components.Supervision;
using Copilot.Web.Runs.Supervising;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Copilot.Tests.Browser.Supervision;

/// <summary>A supervisor does one thing after the other about a run, and its owner sees each of them.</summary>
[Collection(BrowserCollection.Name)]
public sealed class SupervisionUseTests(BrowserFixture fixture) : IAsyncLifetime
{
    private AppProcess _app = null!;
    private IBrowserContext _owner = null!;
    private IBrowserContext _supervisor = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await AppProcess.StartAsync("Demo:TokensPerSecond=10", "DemoTools:Latency=00:00:12");
        _owner = await fixture.Browser.NewContextAsync(new() { ViewportSize = new() { Width = 390, Height = 844 } });
        _supervisor = await fixture.Browser.NewContextAsync(new() { ViewportSize = new() { Width = 1200, Height = 800 } });
    }

    public async ValueTask DisposeAsync()
    {
        await _owner.CloseAsync();
        await _supervisor.CloseAsync();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Supervisor_PausesResumesSaysTakesOverWritesHandsBackAndStops_TheOwnerSeesEach()
    {
        var owner = await ChatDriver.OpenAsync(_owner);
        await owner.SignInAsync(_app.Address, "staff");
        await owner.AskAsync("Book a technician for Contoso's broken cooling pump tomorrow and reserve the spare part.");
        var boss = await ChatDriver.OpenAsync(_supervisor);
        await boss.SignInAsync(_app.Address, "supervisor");
        await boss.Page.GotoAsync(owner.Page.Url);
        await owner.SeeAsync(RunScreenText.Watching(["Supervisor 1"]));

        await DoAsync(boss, RunVerb.Pause, "wrong customer", message: null);
        await owner.SeeAsync($"{SupervisionText.PausedBy("Supervisor 1")}: wrong customer");
        await owner.SeeStatusAsync("waiting");
        await DoAsync(boss, RunVerb.Resume, "it was right", message: null);
        await owner.SeeAsync("Supervisor 1 resumed this: it was right");
        await DoAsync(boss, RunVerb.Say, "they are in a hurry", "Be quick, please.");
        await owner.SeeAsync("Be quick, please.");
        await owner.SeeAsync("they are in a hurry");

        await DoAsync(boss, RunVerb.TakeOver, "I know them", message: null);
        await owner.SeeAsync($"{SupervisionText.AnswersNow("Supervisor 1")}: I know them");
        var composer = boss.Page.GetByRole(AriaRole.Form, new() { Name = SupervisionText.YouAnswer });
        await composer.GetByLabel(SupervisionText.Message).FillAsync("Good morning, I take care of this.");
        await composer.GetByRole(AriaRole.Button, new() { Name = SupervisionText.Send }).ClickAsync();
        await Expect(owner.Page.Locator(".said-in-place")).ToContainTextAsync("Good morning, I take care of this.", new() { Timeout = ChatDriver.Timeout });
        await owner.Message.FillAsync("Thank you. Can it be Tuesday?");
        await owner.Message.PressAsync("Control+Enter");
        await boss.SeeAsync("Thank you. Can it be Tuesday?");
        await owner.SeeAsync(SupervisionText.SentTo("Supervisor 1"));

        await DoAsync(boss, RunVerb.HandBack, "book it for Tuesday", message: null);
        await owner.SeeAsync("Supervisor 1 handed back to the agent: book it for Tuesday");
        await Expect(owner.Page.Locator("[data-hold]")).ToHaveCountAsync(0);
        await DoAsync(boss, RunVerb.Pause, "stop first", message: null);
        await DoAsync(boss, RunVerb.Stop, "they called back", message: null);
        await owner.SeeStatusAsync("cancelled");
        await owner.SeeAsync(ChatText.StoppedBy("Supervisor 1"));
        await owner.SeeAsync("they called back");

        // Who looks is seen until they leave, which ends nothing.
        await boss.Page.GotoAsync(new Uri(_app.Address, "/").ToString());
        await Expect(owner.Page.Locator(".session-watchers p")).ToHaveCountAsync(0, new() { Timeout = ChatDriver.Timeout });
        Assert.Empty(owner.Complaints);
        Assert.Empty(boss.Complaints);
    }

    [Fact]
    public async Task Supervisor_AnswersOnTheRunsPage_SeesWhatIsWrittenWithoutScrolling()
    {
        var owner = await ChatDriver.OpenAsync(_owner);
        await owner.SignInAsync(_app.Address, "staff");
        await owner.AskAsync("Book a technician for Contoso's broken cooling pump tomorrow and reserve the spare part.");
        var run = await owner.Page.Locator("article.turn").GetAttributeAsync("data-run");
        var boss = await ChatDriver.OpenAsync(_supervisor);
        await boss.SignInAsync(_app.Address, "supervisor");
        await boss.Page.GotoAsync(new Uri(_app.Address, $"/runs/{run}").ToString());

        await DoAsync(boss, RunVerb.TakeOver, "I know them", message: null);
        var hold = $"{SupervisionText.AnswersFor("Supervisor 1")}: I know them";
        await boss.SeeAsync(hold);
        await Expect(boss.Page.Locator(".run-conversation [data-intervention]")).ToHaveCountAsync(0);
        await owner.SeeAsync($"{SupervisionText.AnswersNow("Supervisor 1")}: I know them");
        foreach (var words in (string[])["Thank you.", "It is urgent.", "Can it be Tuesday?"])
        {
            await owner.Message.FillAsync(words);
            await owner.Message.PressAsync("Control+Enter");
            await boss.SeeAsync(words);
            await boss.Page.WaitForFunctionAsync(
                """
                words => {
                  const said = [...document.querySelectorAll('.run-conversation .bubble-said')].find(one => one.textContent.includes(words));
                  const answer = document.querySelector('.run-answer').getBoundingClientRect();
                  return said.getBoundingClientRect().bottom <= answer.top && said.getBoundingClientRect().top > 0;
                }
                """,
                words);
        }

        Assert.Empty(owner.Complaints);
        Assert.Empty(boss.Complaints);
    }

    private static async Task DoAsync(ChatDriver boss, RunVerb verb, string reason, string? message)
    {
        var name = SupervisionText.Name(verb);
        await boss.Page.Locator(".run-verbs-row").GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();
        var dialog = boss.Page.GetByRole(AriaRole.Dialog);
        if (message is not null)
        {
            await dialog.GetByRole(AriaRole.Textbox, new() { Name = SupervisionText.Message, Exact = true }).FillAsync(message);
        }

        await dialog.GetByRole(AriaRole.Textbox, new() { Name = SupervisionText.Reason, Exact = true }).FillAsync(reason);
        await dialog.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0, new() { Timeout = ChatDriver.Timeout });
    }
}
