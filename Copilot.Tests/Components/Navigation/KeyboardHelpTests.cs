using Bunit;
using Copilot.Tests.Shared.Clock;
using Copilot.Web.Components.Navigation;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using MudBlazor.Services;

namespace Copilot.Tests.Components.Navigation;

public sealed class KeyboardHelpTests : BunitContext, IAsyncLifetime
{
    // The kit has services that can only be disposed asynchronously.
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();

    [Fact]
    public async Task Help_Opens_ListsEveryKeyAndCloses()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices(kit => kit.PopoverOptions.CheckForPopoverProvider = false);
        var screen = Render<MudDialogProvider>();

        var dialog = await screen.InvokeAsync(() => Services.GetRequiredService<IDialogService>().ShowAsync<KeyboardHelp>("Keyboard"));

        screen.WaitForAssertion(() => Assert.Equal(
            KeyboardKeys.All.SelectMany(where => where.Keys).Select(key => (key.Keys, key.Does)),
            screen.FindAll("dl > div").Select(row => (row.QuerySelector("kbd")!.TextContent, row.QuerySelector("dd")!.TextContent))));
        Assert.Equal("true", screen.Find("[role=dialog]").GetAttribute("aria-modal"));
        await screen.InvokeAsync(() => screen.FindAll("button").Single(button => button.TextContent == "Close").Click());
        Assert.True((await dialog.Result.WaitAsync(Waiting.Limit))!.Canceled);
    }
}
