using Bunit;
using Copilot.Tests.Shared.Clock;
using Copilot.Web.Components.Chat;
using Copilot.Web.Components.Chat.Conversation;
using Copilot.Web.Sessions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.JSInterop;

namespace Copilot.Tests.Components.Chat;

public sealed class CopyButtonTests : BunitContext
{
    private readonly Toasts _toasts = new(new ManualClock());
    private readonly BunitJSModuleInterop _script;

    public CopyButtonTests()
    {
        Services.AddSingleton(_toasts);
        _script = JSInterop.SetupModule("./Components/Chat/Conversation/CopyButton.razor.js");
    }

    [Fact]
    public async Task Click_TextWasCopied_SaysSo()
    {
        _script.Setup<bool?>("copy", "The answer").SetResult(true);
        var button = RenderButton();

        await button.Find("button").ClickAsync(new());

        Assert.Equal(ChatText.Copied, button.Find("[role=status]").TextContent);
        Assert.Empty(_toasts.Items);
    }

    [Fact]
    public async Task Click_BrowserRefused_SaysThatItWasNotCopied()
    {
        _script.Setup<bool?>("copy", "The answer").SetResult(false);
        var button = RenderButton();

        await button.Find("button").ClickAsync(new());

        AssertNotCopied(button);
    }

    [Fact]
    public async Task Click_ScriptFails_LeavesThePageAliveAndSaysIt()
    {
        _script.Setup<bool?>("copy", "The answer").SetException(new JSException("NotAllowedError"));
        var button = RenderButton();

        await button.Find("button").ClickAsync(new());

        AssertNotCopied(button);
    }

    private void AssertNotCopied(IRenderedComponent<CopyButton> button)
    {
        Assert.Equal("", button.Find("[role=status]").TextContent);
        var toast = Assert.Single(_toasts.Items);
        Assert.Equal(ChatText.NotCopied, toast.Text);
        Assert.True(toast.IsProblem);
    }

    private IRenderedComponent<CopyButton> RenderButton() => Render<CopyButton>(parameters => parameters
        .Add(button => button.Label, ChatText.CopyAnswer)
        .Add(button => button.Text, () => "The answer"));
}
