using AngleSharp.Dom;
using Bunit;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Timeline.State;
using Copilot.Tests.Shared.Runs;
using Copilot.Web.Components.Chat;
using Copilot.Web.Components.Chat.Conversation;
using Copilot.Web.Components.Chat.Notices;
using Copilot.Web.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Components.Chat;

/// <summary>What is announced to people who do not look.</summary>
public sealed class ChatNoticesTests : ChatPiecesScene
{
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
        Runs = [new ChatRun(events.Summary, 1, new VersionPlace(1, 1, null, null), new VersionPlace(1, 1, null, null))],
    };

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
