using Copilot.Web.Components.Layout;
using Bunit;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Tests.Sessions;
using Copilot.Tests.Shared.Clock;
using Copilot.Web.Components.Navigation;
using Copilot.Web.Sessions;
using Copilot.Web.Sessions.Conversations;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using MudBlazor.Services;

namespace Copilot.Tests.Components.Navigation;

/// <summary>The palette in its dialog, over a real database.</summary>
public sealed class CommandPaletteTests : BunitContext, IAsyncLifetime
{
    private static readonly TimeSpan s_soon = Waiting.Limit;
    private readonly List<string> _done = [];
    private ChatFixture _page = null!;
    private IRenderedComponent<MudDialogProvider> _screen = null!;
    private IDialogReference _dialog = null!;

    public async ValueTask InitializeAsync()
    {
        _page = await ChatFixture.CreateAsync();
        await _page.CommitAsync("run_a", "ses_1", "usr_1", null, RunEventTypes.RunStarted, RunEventTypes.RunCompleted);
        await _page.Database.Sessions.RenameAsync("ses_1", "Broken pump at Contoso", CancellationToken.None);
        await _page.CommitAsync("run_b", "ses_2", "usr_2", null, RunEventTypes.RunStarted, RunEventTypes.RunCompleted);
        await _page.Database.Sessions.RenameAsync("ses_2", "Somebody else's pump", CancellationToken.None);
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices(kit => kit.PopoverOptions.CheckForPopoverProvider = false);
        Services.AddLogging();
        Services.AddSingleton(_page.Database.Sessions);
        Services.AddScoped<ConversationSearch>();
        _screen = Render<MudDialogProvider>();
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeAsync();
        await _page.DisposeAsync();
    }

    [Fact]
    public async Task Palette_Opens_OffersEverythingAndTheLatestConversations()
    {
        await OpenAsync();

        Assert.Equal(["Chat", "New conversation", "Sign out", "Broken pump at Contoso"], Options());
        Assert.Equal(["Go to", "Actions", "Conversations"], _screen.FindAll("[role=listbox] [role=group]").Select(group => group.GetAttribute("aria-label")));
        Assert.Equal("Chat", Selected());
    }

    [Fact]
    public async Task Palette_WordsAreTyped_ShowsWhatHasThemAllAndSelectsTheFirst()
    {
        await OpenAsync();
        await PressAsync("ArrowDown");

        await TypeAsync("out act");
        Assert.Equal(["Sign out"], Options());
        await TypeAsync("contoso");

        _screen.WaitForAssertion(() => Assert.Equal(["Broken pump at Contoso"], Options()), s_soon);
        Assert.Equal("Broken pump at Contoso", Selected());
        Assert.Equal("1 result", _screen.Find("[role=status]").TextContent);
    }

    [Fact]
    public async Task Palette_ArrowsGoRoundAndEnter_AnswersWithWhatIsSelected()
    {
        await OpenAsync();
        await PressAsync("ArrowUp");
        Assert.Equal("Broken pump at Contoso", Selected());
        await PressAsync("ArrowDown");
        Assert.Equal("Chat", Selected());
        await PressAsync("ArrowDown");

        await PressAsync("Enter");

        await ResultAsync();
        Assert.Equal(["new"], _done);
        Assert.Empty(_screen.FindAll("[role=combobox]"));
    }

    [Fact]
    public async Task Palette_ConversationIsClicked_GoesThere()
    {
        await OpenAsync();

        await _screen.InvokeAsync(() => _screen.FindAll("[role=option]")[3].Click());

        await ResultAsync();
        Assert.EndsWith("/chat/ses_1", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Palette_NothingIsCalledThat_SaysSoAndEnterDoesNothing()
    {
        await OpenAsync();
        await TypeAsync("earthquake");
        _screen.WaitForAssertion(() => Assert.Contains(ShellText.PaletteEmpty, _screen.Markup, StringComparison.Ordinal), s_soon);

        await PressAsync("Enter");

        Assert.False(_dialog.Result.IsCompleted);
        Assert.Null(_screen.Find("[role=combobox]").GetAttribute("aria-activedescendant"));
    }

    private async Task OpenAsync()
    {
        IReadOnlyList<PaletteCommand> commands =
        [
            new("Go to", "Chat", "chat", () => DoAsync("chat")),
            new("Actions", "New conversation", "plus", () => DoAsync("new")),
            new("Actions", "Sign out", "exit", () => DoAsync("out")),
        ];
        _dialog = await _screen.InvokeAsync(() => Services.GetRequiredService<IDialogService>().ShowAsync<CommandPalette>(
            "", new DialogParameters<CommandPalette> { { one => one.User, _page.User }, { one => one.Commands, commands } }));
        _screen.WaitForAssertion(() => Assert.Contains("Broken pump at Contoso", Options()), s_soon);
    }

    private Task DoAsync(string what)
    {
        _done.Add(what);
        return Task.CompletedTask;
    }

    private async Task ResultAsync()
    {
        var result = await _dialog.Result.WaitAsync(s_soon);
        await Assert.IsType<PaletteCommand>(result!.Data).Run();
    }

    private Task TypeAsync(string words) => _screen.InvokeAsync(() => _screen.Find("[role=combobox]").InputAsync(new() { Value = words }));

    private Task PressAsync(string key) => _screen.InvokeAsync(() => _screen.Find("[role=combobox]").KeyDownAsync(new KeyboardEventArgs { Key = key }));

    private string[] Options() => [.. _screen.FindAll("[role=option] .palette-text").Select(option => option.TextContent)];

    /// <summary>The option that is selected, which is the one the box points at.</summary>
    private string Selected()
    {
        var selected = Assert.Single(_screen.FindAll("[role=option][aria-selected=true]"));
        Assert.Equal(selected.Id, _screen.Find("[role=combobox]").GetAttribute("aria-activedescendant"));
        return selected.QuerySelector(".palette-text")!.TextContent;
    }
}
