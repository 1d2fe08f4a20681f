using Copilot.Domain.Timeline;
using Copilot.Domain.Timeline.Items;
using Copilot.Tests.Browser.Driving;
using Copilot.Web.Components.Chat;
using Copilot.Web.Components.Chat.Composer;
using Copilot.Web.Components.Supervision;
using Copilot.Web.Components.Timeline;
using Copilot.Web.Components.Timeline.Shared;
using Copilot.Web.Identity;
using Copilot.Web.Runs.Supervising;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Copilot.Tests.Browser;

/// <summary>People tell a run something while it works: its owner with a key, a supervisor with a button.</summary>
[Collection(ConversationBrowserCollection.Name)]
public sealed class SteeringUseTests(BrowserFixture fixture) : IAsyncLifetime
{
    private AppProcess _app = null!;
    private IBrowserContext _owner = null!;
    private IBrowserContext _supervisor = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await AppProcess.StartAsync("Demo:TokensPerSecond=30", "DemoTools:Latency=00:00:05");
        _owner = await fixture.Browser.NewContextAsync(new() { ViewportSize = new() { Width = 1000, Height = 700 } });
        _supervisor = await fixture.Browser.NewContextAsync(new() { ViewportSize = new() { Width = 390, Height = 844 } });
    }

    public async ValueTask DisposeAsync()
    {
        await _owner.CloseAsync();
        await _supervisor.CloseAsync();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Words_SaidWhileItWorks_StandInsideTheRunWithWhatBecameOfThem()
    {
        var chat = await ChatDriver.OpenAsync(_owner);
        await chat.SignInAsync(_app.Address, "staff");
        await chat.AskAsync("Book a technician for Contoso's broken cooling pump tomorrow and reserve the spare part.");
        var other = await ChatDriver.OpenAsync(_supervisor);
        await other.SignInAsync(_app.Address, "supervisor");
        await other.Page.GotoAsync(chat.Page.Url);

        await chat.SeeAsync("Looking up Contoso");
        await chat.Message.FillAsync("Only in the morning, please.");
        await chat.Message.PressAsync("Control+Enter");
        await Expect(chat.Message).ToHaveValueAsync("");
        await other.Message.FillAsync("Be kind to them.");
        await other.Page.GetByRole(AriaRole.Button, new() { Name = ComposerText.SendToAgent }).ClickAsync();
        var dialog = other.Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.GetByRole(AriaRole.Textbox, new() { Name = SupervisionText.Message, Exact = true })).ToHaveValueAsync("Be kind to them.", new() { Timeout = ChatDriver.Timeout });
        await dialog.GetByRole(AriaRole.Button, new() { Name = SupervisionText.Cancel }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(other.Message).ToHaveValueAsync("Be kind to them.");
        await other.Page.GetByRole(AriaRole.Button, new() { Name = ComposerText.SendToAgent }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = SupervisionText.Name(RunVerb.Say), Exact = true }).ClickAsync();
        await Expect(dialog).ToContainTextAsync(InterveneText.ReasonMissing, new() { Timeout = ChatDriver.Timeout });
        await dialog.GetByRole(AriaRole.Textbox, new() { Name = SupervisionText.Reason, Exact = true }).FillAsync("they complained last week");
        await dialog.GetByRole(AriaRole.Button, new() { Name = SupervisionText.Name(RunVerb.Say), Exact = true }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0, new() { Timeout = ChatDriver.Timeout });
        await Expect(other.Message).ToHaveValueAsync("", new() { Timeout = ChatDriver.Timeout });
        await chat.SeeStatusAsync("completed");

        var heard = chat.Page.Locator("article.turn .said-words[data-phase=delivered]");
        await Expect(heard).ToContainTextAsync(["Only in the morning, please.", "Be kind to them."]);
        await Expect(heard.Last).ToContainTextAsync($"{ChatText.Person("Supervisor 1", Roles.Supervisor)} · {TimelineText.Delivery(SteerPhase.Delivered)} · they complained last week");
        await Expect(chat.Page.Locator("article.turn")).ToHaveCountAsync(1);
        Assert.Empty(chat.Complaints);
        Assert.Empty(other.Complaints);
    }
}
