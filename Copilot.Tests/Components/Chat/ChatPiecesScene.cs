using Bunit;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Tests.Shared.Runs;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Components.Chat;

/// <summary>Pieces of the chat without a page around them.</summary>
public abstract class ChatPiecesScene : BunitContext
{
    protected ChatPiecesScene()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddOptions();
    }

    private protected static RunEvents Begun()
    {
        var events = new RunEvents("run_1").Created("ses_1", "usr_1");
        events.Own(RunEventTypes.UserMessage, """{"text":"Book it"}""");
        events.Own(RunEventTypes.RunStarted, "{}");
        return events;
    }
}
