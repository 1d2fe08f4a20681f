using System.Threading.Channels;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline.State;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Runs;
using Copilot.Web.Sessions;
using Copilot.Web.Sessions.Timelines;
using Microsoft.Extensions.Logging.Abstractions;

namespace Copilot.Tests.Sessions;

public sealed class RunViewerTests
{
    private readonly ManualClock _clock = new();
    private readonly ScriptedRunFeed _feed = new();
    private readonly RunEvents _events = new RunEvents("run_1").Created("ses_1", "usr_1");
    private readonly Channel<TimelineState> _drawn = Channel.CreateUnbounded<TimelineState>();
    private readonly RunTimelines _timelines;

    public RunViewerTests() => _timelines = new RunTimelines(_feed, snapshots: null, _clock, NullLogger<RunTimelines>.Instance);

    [Fact]
    public async Task Look_HistoryComesInPages_DrawsOnceAtItsHead()
    {
        Begin();
        await using var viewer = Look(_events.Summary);

        _feed.Give(_events.All[0]);
        _feed.Give([.. _events.All.Skip(1)]);

        Assert.Equal(_events.All.Count, (await DrawnAsync()).HeadSeq);
        Assert.False(_drawn.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Look_FirstWordsOfAnItem_DrawsAtOnce()
    {
        await using var viewer = await LookAtBegunRunAsync();

        _feed.Give(Delta("Hel"));

        Assert.Equal("Hel", (await DrawnAsync()).AnswerText);
    }

    [Fact]
    public async Task Look_WordsKeepComing_DrawsThemTogetherAfterTheInterval()
    {
        await using var viewer = await LookAtBegunRunAsync();
        await DrawAsync("Hel");

        await GiveAsync("lo");
        await GiveAsync(" you");
        Assert.False(_drawn.Reader.TryRead(out _));

        Assert.Equal("Hello you", (await DrawnAfterIntervalAsync()).AnswerText);
        Assert.False(_drawn.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Look_WordsAfterQuiet_DrawsAtOnce()
    {
        await using var viewer = await LookAtBegunRunAsync();
        await DrawAsync("Hel");
        _clock.Advance(UrgentEvents.Quiet);

        _feed.Give(Delta("lo"));

        Assert.Equal("Hello", (await DrawnAsync()).AnswerText);
        Assert.Equal(0, _clock.ArmedTimers);
    }

    [Fact]
    public async Task Look_StatusChangesAmidWords_DrawsBothAtOnce()
    {
        await using var viewer = await LookAtBegunRunAsync();
        await DrawAsync("Hel");
        await GiveAsync("lo");

        _feed.Give(_events.Own(RunEventTypes.RunCompleted, """{"duration_ms":5}"""));
        _feed.End();

        var last = await DrawnAsync();
        Assert.Equal(RunStatus.Completed, last.Status);
        Assert.Equal("Hello", last.AnswerText);
        await viewer.Completion.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Look_FeedEndsWithWordsUndrawn_DrawsThem()
    {
        await using var viewer = await LookAtBegunRunAsync();
        await DrawAsync("Hel");
        await GiveAsync("lo");

        _feed.End();

        Assert.Equal("Hello", (await DrawnAsync()).AnswerText);
    }

    [Fact]
    public async Task Look_FeedBreaks_GoesOnAfterWhatWasFolded()
    {
        await using var viewer = await LookAtBegunRunAsync();

        _feed.Break();
        await _clock.WhenTimersArmedAsync(1);
        _clock.Advance(TimeSpan.FromMilliseconds(500));
        _feed.Give(Delta("Hello"));

        Assert.Equal("Hello", (await DrawnAsync()).AnswerText);
        Assert.Equal([0, 4], _feed.Begun);
    }

    [Fact]
    public async Task Dispose_WhileItFollows_LeavesTheFeed()
    {
        var viewer = await LookAtBegunRunAsync();

        await viewer.DisposeAsync();

        await _feed.Left.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(0, _clock.ArmedTimers);
    }

    [Fact]
    public async Task Look_PermissionIsTaken_Ends()
    {
        Begin();
        using var revoked = new CancellationTokenSource();
        await using var viewer = new RunViewer(
            _timelines, _clock, NullLogger<RunViewer>.Instance, _events.Summary, _ => Task.CompletedTask, revoked.Token);
        await _feed.AskedAsync();

        await revoked.CancelAsync();

        await viewer.Completion.WaitAsync(TimeSpan.FromSeconds(20));
        await _feed.Left.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Look_TenViewersOfOneRun_ReadAndFoldItOnce()
    {
        Begin();
        var viewers = Enumerable.Range(0, 10).Select(_ => Look(_events.Summary)).ToArray();
        await _feed.AskedAsync();
        _feed.Give([.. _events.All]);

        var states = new List<TimelineState>();
        foreach (var _ in viewers)
        {
            states.Add(await DrawnAsync());
        }

        Assert.Single(_feed.Begun);
        Assert.Single(states.Distinct(ReferenceEqualityComparer.Instance));
        Assert.Equal(1, _timelines.Count);

        foreach (var viewer in viewers)
        {
            await viewer.DisposeAsync();
        }

        Assert.Equal(0, _timelines.Count);
        await _feed.Left.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Look_RunWasDeletedWhileOthersLook_IsReadAnew()
    {
        await using var first = await LookAtBegunRunAsync();

        await using var second = Look(_events.Summary with { ForgottenAt = DateTimeOffset.UnixEpoch });
        await _feed.AskedAsync();

        Assert.Equal([0, 0], _feed.Begun);
    }

    [Fact]
    public async Task Look_OneDrawingFails_TheNextChangeIsDrawn()
    {
        Begin();
        var drawn = Channel.CreateUnbounded<TimelineState>();
        await using var viewer = new RunViewer(
            _timelines,
            _clock,
            NullLogger<RunViewer>.Instance,
            _events.Summary,
            state => drawn.Writer.TryWrite(state) && state.AnswerText.Length == 0 ? throw new InvalidOperationException("No renderer.") : Task.CompletedTask,
            CancellationToken.None);
        await _feed.AskedAsync();
        _feed.Give([.. _events.All]);
        await drawn.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));
        await _feed.AskedAsync();

        _feed.Give(Delta("Hello"));

        Assert.Equal("Hello", (await drawn.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20))).AnswerText);
    }

    private void Begin()
    {
        _events.Own(RunEventTypes.UserMessage, """{"text":"Hi","message_id":"m1"}""");
        _events.Own(RunEventTypes.RunStarted, "{}");
        _events.Upstream("""{"type":"response.created","response":{"id":"resp_1","status":"in_progress"}}""");
    }

    private RunEvent Delta(string text) => _events.Upstream(
        $$"""{"type":"response.output_text.delta","item_id":"msg_1","output_index":0,"content_index":0,"delta":"{{text}}"}""");

    /// <summary>Gives words that are read and not drawn yet.</summary>
    private async Task GiveAsync(string text)
    {
        _feed.Give(Delta(text));
        await _feed.AskedAsync();
    }

    /// <summary>Gives words that are drawn.</summary>
    private async Task DrawAsync(string text)
    {
        _feed.Give(Delta(text));
        await DrawnAsync();
        await _feed.AskedAsync();
    }

    private async Task<RunViewer> LookAtBegunRunAsync()
    {
        Begin();
        var viewer = Look(_events.Summary);
        await _feed.AskedAsync();
        _feed.Give([.. _events.All]);
        await DrawnAsync();
        await _feed.AskedAsync();
        return viewer;
    }

    private RunViewer Look(RunSummary run) => new(
        _timelines,
        _clock,
        NullLogger<RunViewer>.Instance,
        run,
        state => _drawn.Writer.WriteAsync(state).AsTask(),
        CancellationToken.None);

    /// <summary>
    /// What is drawn once the interval is over. The viewer looks anew at each change: a timer that it gave up, or armed after the
    /// clock had moved, takes another interval.
    /// </summary>
    private async Task<TimelineState> DrawnAfterIntervalAsync()
    {
        var drawn = DrawnAsync();
        while (await Task.WhenAny(drawn, _clock.WhenTimersArmedAsync(1)) != drawn)
        {
            _clock.Advance(RenderPace.Interval);
        }

        return await drawn;
    }

    private async Task<TimelineState> DrawnAsync() =>
        await _drawn.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));
}
