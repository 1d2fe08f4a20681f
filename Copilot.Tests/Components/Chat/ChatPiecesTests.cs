using Copilot.Web.Runs;
using AngleSharp.Dom;
using Bunit;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline;
using Copilot.Domain.Timeline.State;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Runs;
using Copilot.Web.Components.Chat;
using Copilot.Web.Components.Chat.Composer;
using Copilot.Web.Components.Chat.Conversation;
using Copilot.Web.Components.Chat.Notices;
using Copilot.Web.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Components.Chat;

public sealed class ChatPiecesTests : BunitContext
{
    public ChatPiecesTests()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddOptions();
    }

    [Fact]
    public void Composer_Idle_HasTheNamesPeopleAndTestsRelyOn()
    {
        var composer = RenderComposer(isActive: false);

        Assert.Equal("Message", composer.Find("textarea").GetAttribute("aria-label"));
        Assert.Equal([ChatText.AttachFiles, ChatText.Send], composer.FindAll("button:not([data-attach-text])").Select(Name));
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

        Assert.Equal([ChatText.AttachFiles, ChatText.Stop, ChatText.SendToAgent, ChatText.Send], composer.FindAll("button:not([hidden])").Select(button => Name(button) ?? button.TextContent.Trim()));
        Assert.Equal("true", composer.Find("form").GetAttribute("data-send"));
        Assert.Equal("true", composer.Find("form").GetAttribute("data-tell"));
        Assert.Equal("id: words", (await composer.Instance.SteerAsync("id", "words")).Problem);
    }

    [Fact]
    public async Task Composer_NobodysOwn_OnlyTells()
    {
        var composer = RenderComposer(isActive: true, onTell: (_, _) => Task.FromResult(CommandResult.Done), canSend: false);

        Assert.Equal([ChatText.Stop, ChatText.SendToAgent], composer.FindAll("button:not([hidden])").Select(button => Name(button) ?? button.TextContent.Trim()));
        Assert.Equal("false", composer.Find("form").GetAttribute("data-send"));
        Assert.True((await composer.Instance.SteerAsync("id", "words")).Accepted);
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
    public async Task Outcome_InterruptedInsideAWrite_OffersBothWays()
    {
        var repeats = new List<bool>();
        var outcome = RenderOutcome(Interrupted("false"), repeats.Add);

        Assert.Equal(ChatText.UnknownOutcome(["schedule_book"]), outcome.Find("p").TextContent);
        await outcome.FindAll("button")[0].ClickAsync(new());
        await outcome.FindAll("button")[1].ClickAsync(new());

        Assert.Equal([false, true], repeats);
    }

    [Fact]
    public void Outcome_InterruptedInsideARead_JustResumes()
    {
        var outcome = RenderOutcome(Interrupted("true"), _ => { });

        Assert.Equal([ChatText.Resume, ChatText.EndRun], outcome.FindAll("button").Select(button => button.TextContent));
    }

    [Fact]
    public void Outcome_InterruptedInAToolOfTheModelProvider_OffersBothWays()
    {
        var events = Begun();
        events.Own(RunEventTypes.RunInterrupted, """{"reason":"stop","unknown_calls":["code_interpreter"]}""");

        var outcome = RenderOutcome(events, _ => { });

        Assert.Equal(ChatText.UnknownOutcome(["code_interpreter"]), outcome.Find("p").TextContent);
        Assert.Equal(
            [ChatText.ResumeChecking, ChatText.ResumeRepeating, ChatText.EndRun],
            outcome.FindAll("button").Select(button => button.TextContent));
    }

    [Fact]
    public void Outcome_Failed_SaysWhyAndWhatToDo()
    {
        var events = Begun();
        events.Own(RunEventTypes.RunFailed, """{"duration_ms":3,"code":"rate_limit","message":"Too many requests.","advice":"Wait a minute."}""");

        var outcome = RenderOutcome(events, _ => { });

        Assert.Contains("Too many requests.", outcome.Markup, StringComparison.Ordinal);
        Assert.Contains("Wait a minute.", outcome.Markup, StringComparison.Ordinal);
        Assert.Equal([ChatText.TryAgain], outcome.FindAll("button").Select(button => button.TextContent));
    }

    [Fact]
    public void Outcome_Incomplete_SaysWhy()
    {
        var events = Begun();
        events.Own(RunEventTypes.RunCompleted, """{"duration_ms":3,"incomplete_reason":"max_output_tokens"}""");

        Assert.Equal(ChatText.IncompleteReason("max_output_tokens"), RenderOutcome(events, _ => { }).Find("p").TextContent);
    }

    [Fact]
    public void Outcome_Completed_SaysNothing()
    {
        var events = Begun();
        events.Own(RunEventTypes.RunCompleted, """{"duration_ms":3}""");

        Assert.Equal("", RenderOutcome(events, _ => { }).Markup.Trim());
    }

    [Fact]
    public void StorageNotice_ProblemComesAndGoes_FollowsIt()
    {
        var health = new ScriptedHealth();
        Services.AddSingleton<IStorageHealth>(health);
        var notice = Render<StorageNotice>();
        Assert.Equal("", notice.Markup.Trim());

        health.Set("The disk is full.");
        notice.WaitForAssertion(() => Assert.Equal("alert", notice.Find("div").GetAttribute("role")));
        health.Set(null);
        notice.WaitForAssertion(() => Assert.Equal("", notice.Markup.Trim()));
    }

    [Theory]
    [InlineData(RunEventTypes.RunCompleted, ChatText.AnnounceCompleted)]
    [InlineData(RunEventTypes.RunFailed, ChatText.AnnounceFailed)]
    [InlineData(RunEventTypes.RunCancelled, ChatText.AnnounceStopped)]
    [InlineData(RunEventTypes.RunInterrupted, ChatText.AnnounceInterrupted)]
    public void Announcer_RunEndsWhileThePageLooks_SaysHow(string end, string words)
    {
        var events = Begun();
        var working = State(events) with { Active = events.Summary };
        events.Own(end, "{}");
        var announcer = Render<RunAnnouncer>(with => with.Add(one => one.State, working));
        Assert.Equal("", announcer.Find("[role=status]").TextContent);

        announcer.Render(with => with.Add(one => one.State, State(events)));

        Assert.Equal(words, announcer.Find("[role=status]").TextContent);
    }

    [Fact]
    public void Announcer_RunHadEndedBefore_IsQuiet()
    {
        var events = Begun();
        events.Own(RunEventTypes.RunCompleted, "{}");

        var announcer = Render<RunAnnouncer>(with => with.Add(one => one.State, State(events)));

        Assert.Equal("", announcer.Find("[role=status]").TextContent);
    }

    [Fact]
    public void Announcer_RunWaitsForAPerson_SaysForWhatAndThatItGoesOn()
    {
        var events = Begun();
        var announcer = Render<RunAnnouncer>(with => with.Add(one => one.State, State(events) with { Active = events.Summary }));
        Assert.Equal("", announcer.Find("[role=status]").TextContent);

        events.Tool(RunEventTypes.ApprovalRequested, "call_1", """{"kind":"tool","name":"orders_place","arguments":"{}","timeout_ms":60000}""");
        events.Own(RunEventTypes.RunWaiting, "{}");
        announcer.Render(with => with.Add(one => one.State, State(events) with { Active = events.Summary }));
        Assert.Equal(ChatText.AnnounceApproval(["orders_place"]), announcer.Find("[role=status]").TextContent);

        events.Tool(RunEventTypes.ApprovalApproved, "call_1", "{}");
        events.Own(RunEventTypes.RunResumed, "{}");
        announcer.Render(with => with.Add(one => one.State, State(events) with { Active = events.Summary }));
        Assert.Equal(ChatText.AnnounceContinues, announcer.Find("[role=status]").TextContent);
    }

    private static ChatState State(RunEvents events) => new()
    {
        Phase = ChatPhase.Open,
        Runs = [new ChatRun(events.Summary, 1, 1, null, null)],
    };

    private static string? Name(IElement element) => element.GetAttribute("aria-label");

    private static RunEvents Begun()
    {
        var events = new RunEvents("run_1").Created("ses_1", "usr_1");
        events.Own(RunEventTypes.UserMessage, """{"text":"Book it"}""");
        events.Own(RunEventTypes.RunStarted, "{}");
        return events;
    }

    private static RunEvents Interrupted(string readOnly)
    {
        var events = Begun();
        events.Tool(RunEventTypes.ToolRequested, "call_1", $$"""{"name":"schedule_book","arguments":"{}","read_only":{{readOnly}},"repeatable":{{readOnly}}}""");
        events.Tool(RunEventTypes.ToolStarted, "call_1", """{"name":"schedule_book","deadline_ms":30000}""");
        events.Own(RunEventTypes.RunInterrupted, """{"reason":"restart"}""");
        return events;
    }

    private IRenderedComponent<RunOutcome> RenderOutcome(RunEvents events, Action<bool> onResume) => Render<RunOutcome>(with => with
        .Add(one => one.Timeline, TimelineReducer.Apply(TimelineState.Empty, events.All))
        .Add(one => one.CanControl, true)
        .Add(one => one.CanRetry, true)
        .Add(one => one.OnResume, onResume));

    private IRenderedComponent<MessageComposer> RenderComposer(
        bool isActive, Action? onStop = null, Func<string, string, IReadOnlyList<string>, Task<CommandResult>>? onSend = null,
        Func<string, string, Task<CommandResult>>? onTell = null, bool canSend = true) => Render<MessageComposer>(with => with
        .Add(one => one.DraftKey, "new")
        .Add(one => one.CanSend, canSend)
        .Add(one => one.OnSteer, onTell)
        .Add(one => one.IsActive, isActive)
        .Add(one => one.OnSend, onSend ?? ((_, _, _) => Task.FromResult(CommandResult.Done)))
        .Add(one => one.OnStop, onStop ?? (() => { })));

    private sealed class ScriptedHealth : IStorageHealth
    {
        private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string? Problem { get; private set; }

        public Task Changed => _changed.Task;

        public void Set(string? problem)
        {
            Problem = problem;
            var changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            changed.SetResult();
        }
    }
}
