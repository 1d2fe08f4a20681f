using Copilot.Web.Runs;
using AngleSharp.Dom;
using Bunit;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline.State;
using Copilot.Tests.Shared.Runs;
using Copilot.Web.Components.Chat;
using Copilot.Web.Components.Chat.Composer;
using Copilot.Web.Components.Chat.Conversation;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Components.Chat;

/// <summary>The message box, and what stands beside it: examples and the queue.</summary>
public sealed class MessageComposerTests : ChatPiecesScene
{
    [Fact]
    public void Composer_Idle_HasTheNamesPeopleAndTestsRelyOn()
    {
        var composer = RenderComposer(isActive: false);

        Assert.Equal("Message", composer.Find("textarea").GetAttribute("aria-label"));
        Assert.Equal([ComposerText.AttachFiles, ComposerText.Send], composer.FindAll("button:not([data-attach-text])").Select(Name));
        Assert.True(composer.Find("button.send").HasAttribute("disabled"), "until its script is there, Send would post the form");
    }

    [Fact]
    public async Task Composer_RunWorks_StopsByButtonAndByKey()
    {
        var stops = 0;
        var composer = RenderComposer(isActive: true, onStop: () => stops++);

        await composer.Find("button[aria-label=Stop]").ClickAsync(new());
        await composer.InvokeAsync(composer.Instance.StopAsync);

        Assert.Equal(2, stops);
    }

    [Fact]
    public async Task Composer_RunCanBeTold_OffersBothAndSaysWhatBecameOfIt()
    {
        var composer = RenderComposer(isActive: true, onTell: (id, text) => Task.FromResult(CommandResult.Refused(RefusalCode.Conflict, $"{id}: {text}")));

        Assert.Equal([ComposerText.AttachFiles, ComposerText.Stop, ComposerText.SendToAgent, ComposerText.Send], composer.FindAll("button:not([hidden])").Select(button => Name(button) ?? button.TextContent.Trim()));
        Assert.Equal("true", composer.Find("form").GetAttribute("data-send"));
        Assert.Equal("true", composer.Find("form").GetAttribute("data-tell"));
        Assert.Equal("id: words", (await composer.Instance.SteerAsync("id", "words")).Problem);
    }

    [Fact]
    public void Composer_PersonAnswersInTheAgentsPlace_SendsToNobodyElse()
    {
        var composer = RenderComposer(isActive: true, onTell: (_, _) => Task.FromResult(CommandResult.Done));
        composer.Render(parameters => parameters.Add(one => one.IsTakenOver, true));

        var button = composer.Find("[data-tell-now]");
        Assert.Equal(ComposerText.SendToPerson, button.TextContent.Trim());
        Assert.Equal(ComposerText.SendToPersonTitle, button.GetAttribute("title"));
    }

    [Fact]
    public async Task Composer_NobodysOwn_OnlyTells()
    {
        var composer = RenderComposer(isActive: true, onTell: (_, _) => Task.FromResult(CommandResult.Done), canSend: false);

        Assert.Equal([ComposerText.Stop, ComposerText.SendToAgent], composer.FindAll("button:not([hidden])").Select(button => Name(button) ?? button.TextContent.Trim()));
        Assert.Equal("false", composer.Find("form").GetAttribute("data-send"));
        Assert.True((await composer.Instance.SteerAsync("id", "words")).Accepted);
    }

    [Fact]
    public async Task Composer_SomebodyElsesRun_AsksWhyAndTellsNothingByItself()
    {
        var asked = new List<string>();
        var composer = RenderComposer(isActive: true, canSend: false, onAskWhy: (id, text) =>
        {
            asked.Add($"{id}: {text}");
            return Task.FromResult(false);
        });

        Assert.Equal("true", composer.Find("form").GetAttribute("data-why"));
        Assert.Equal("true", composer.Find("form").GetAttribute("data-tell"));
        await composer.Instance.AskWhyAsync("id", "words");
        Assert.Equal(["id: words"], asked);
        Assert.False((await composer.Instance.SteerAsync("id", "words")).Accepted);
        Assert.Equal("false", RenderComposer(isActive: true).Find("form").GetAttribute("data-why"));
    }

    [Fact]
    public async Task Composer_RunHasEnded_TellsNobody()
    {
        var composer = RenderComposer(isActive: false);

        Assert.False((await composer.Instance.SteerAsync("id", "words")).Accepted);
    }

    [Fact]
    public async Task Composer_NothingRuns_EscDoesNothing()
    {
        var stops = 0;
        var composer = RenderComposer(isActive: false, onStop: () => stops++);

        await composer.InvokeAsync(composer.Instance.StopAsync);

        Assert.Equal(0, stops);
    }

    [Fact]
    public async Task Composer_ScriptHandsAMessageOver_AnswersWhatBecameOfIt()
    {
        var composer = RenderComposer(isActive: false, onSend: (id, text, files) => Task.FromResult(CommandResult.Refused(RefusalCode.Conflict, $"{id}: {text} {string.Join(',', files)}")));

        var result = await composer.Instance.SendAsync("id", "words", ["file_1", "file_2"]);

        Assert.Equal("id: words file_1,file_2", result.Problem);
    }

    [Fact]
    public async Task EmptyChat_ExampleIsChosen_SendsItsWords()
    {
        string? sent = null;
        var empty = Render<EmptyChat>(with => with.Add(one => one.OnPrompt, (string text) => sent = text));

        await empty.FindAll("button")[1].ClickAsync(new());

        Assert.Equal("How many pump seals do we have, and where?", sent);
    }

    [Fact]
    public async Task Queue_OneIsRemoved_SaysWhich()
    {
        RunSummary? removed = null;
        var events = new RunEvents("run_q").Created("ses_1", "usr_1");
        events.Own(RunEventTypes.UserMessage, """{"text":"Later, please"}""");
        var queue = Render<QueuedMessages>(with => with
            .Add(one => one.Runs, [events.Summary])
            .Add(one => one.CanRemove, true)
            .Add(one => one.OnRemove, (RunSummary run) => removed = run));

        Assert.Contains("Later, please", queue.Markup, StringComparison.Ordinal);
        await queue.Find("button[aria-label='Remove from the queue']").ClickAsync(new());

        Assert.Equal("run_q", removed?.RunId);
    }

    [Fact]
    public void Queue_Several_AreNumbered()
    {
        RunSummary[] runs = [new RunEvents("run_1").Created("ses_1", "usr_1").Summary, new RunEvents("run_2").Created("ses_1", "usr_1").Summary];

        var queue = Render<QueuedMessages>(with => with.Add(one => one.Runs, runs));

        Assert.Equal([ComposerText.Place(1), ComposerText.Place(2)], queue.FindAll(".queue-mark").Select(mark => mark.TextContent));
        Assert.Equal(ComposerText.Next, Render<QueuedMessages>(with => with.Add(one => one.Runs, runs[..1])).Find(".queue-mark").TextContent);
    }

    private static string? Name(IElement element) => element.GetAttribute("aria-label");

    private IRenderedComponent<MessageComposer> RenderComposer(
        bool isActive, Action? onStop = null, Func<string, string, IReadOnlyList<string>, Task<CommandResult>>? onSend = null,
        Func<string, string, Task<CommandResult>>? onTell = null, bool canSend = true, Func<string, string, Task<bool>>? onAskWhy = null) => Render<MessageComposer>(with => with
        .Add(one => one.DraftKey, "new")
        .Add(one => one.CanSend, canSend)
        .Add(one => one.OnSteer, onTell)
        .Add(one => one.OnAskWhy, onAskWhy)
        .Add(one => one.IsActive, isActive)
        .Add(one => one.OnSend, onSend ?? ((_, _, _) => Task.FromResult(CommandResult.Done)))
        .Add(one => one.OnStop, onStop ?? (() => { })));
}
