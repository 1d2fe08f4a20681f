using Bunit;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Timeline;
using Copilot.Domain.Timeline.State;
using Copilot.Tests.Shared.Runs;
using Copilot.Web.Components.Chat;
using Copilot.Web.Components.Chat.Conversation;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Components.Chat;

/// <summary>How a run ended, and what can be done then.</summary>
public sealed class RunOutcomeTests : ChatPiecesScene
{
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
}
