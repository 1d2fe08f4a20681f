using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.Queries;
using Copilot.Domain.Timeline.State;
using Copilot.Domain.Timeline.Text;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Runs;

namespace Copilot.Tests.Timeline;

public sealed class TimelineReducerTests
{
    [Fact]
    public void Apply_ABooking_ShowsEveryStepOnceAndInOrder()
    {
        var state = Fold(Recordings.Booking());

        Assert.Equal(
            [
                nameof(UserMessageItem), nameof(ConnectionItem), nameof(AttemptItem), nameof(ReasoningItem), nameof(AnswerItem),
                nameof(ToolCallItem), nameof(ToolCallItem), nameof(AttemptItem), nameof(AnswerItem), nameof(EndItem),
            ],
            state.Items.Select(item => item.GetType().Name));
        Assert.Equal(RunStatus.Completed, state.Status);
        Assert.Equal("# Booked\n\n- a\n- b\n\nDone.", state.AnswerText);
        Assert.Equal(new ResponseUsage(200, 80, 40, 10), state.Usage);
        Assert.Equal(TransportKind.WebSocket, state.Transport?.Kind);
        Assert.Equal("Dispatcher", state.Agent?.Name);
        Assert.Equal(TimeSpan.FromMilliseconds(3400), state.End?.Duration);
        var call = state.ToolCalls.First();
        Assert.Equal("{\"name\":\"Contoso\"}", call.Arguments.ToString());
        Assert.Equal("{\"id\":7}", call.Output);
        Assert.Equal(TimeSpan.FromMilliseconds(1210), call.Duration);
        Assert.Equal(TimeSpan.FromSeconds(30), call.Deadline);
        Assert.Equal("crm_find_customer: Contoso", ToolSubject.Of(call));
        Assert.True(((AttemptItem)state.Items[7]).Delta);
    }

    [Fact]
    public void Apply_WaitingForItsTurnToConnect_SaysHowManyAreAhead()
    {
        var state = Fold(new RunLogBuilder().Begin().Own(RunEventTypes.TransportQueued, new { ahead = 12 }));

        var item = Assert.IsType<StatusItem>(state.Items[^1]);
        Assert.Equal(StatusKind.Queued, item.Kind);
        Assert.Equal("12 are ahead", item.Reason);
    }

    [Fact]
    public void Apply_ConnectionMadeReady_SaysSoAndCountsWhatWasRead()
    {
        var state = Fold(new RunLogBuilder().Begin()
            .Own(RunEventTypes.TransportConnecting, new { kind = "websocket", host = "api.example.com" })
            .Own(RunEventTypes.TransportConnected, new { kind = "websocket", elapsed_ms = 90, prepared = true })
            .Own(RunEventTypes.TransportWarmed, new { response_id = "resp_w", input_items = 2, bytes = 900, usage = new { input_tokens = 321 } }));

        var connection = Assert.IsType<ConnectionItem>(state.Items[^1]);
        Assert.True(connection.Prepared);
        Assert.Equal(321L, connection.Warmed.Current);
        Assert.Equal(321L, state.Usage.InputTokens);
        Assert.False(((ConnectionItem)TimelineClip.At(state, state.HeadSeq - 1).Items[^1]).Warmed.IsSet);
    }

    [Fact]
    public void Apply_WhileABookingRuns_NamesWhatGoesOn()
    {
        var log = Recordings.Booking();
        var whole = Fold(log);
        List<string> seen = [];
        for (var seq = 1; seq <= log.Events.Count; seq++)
        {
            var activity = TimelineClip.At(whole, seq).Activity;
            var line = $"{activity.Kind} {activity.Subject}{(activity.Others > 0 ? $" +{activity.Others}" : "")}".TrimEnd();
            if (seen.Count == 0 || seen[^1] != line)
            {
                seen.Add(line);
            }
        }

        Assert.Equal(
            [
                "Queued", "Working", "Connecting api.example.com", "Working", "WaitingForModel", "Reasoning",
                "Reasoning Looking up the customer", "WaitingForModel", "Writing", "WaitingForModel", "Tool crm_find_customer",
                "Tool crm_find_customer: Contoso", "Tool crm_find_customer: Contoso +1", "Tool inventory_search: pump",
                "Working", "WaitingForModel", "Writing", "WaitingForModel", "Working", "Settled",
            ],
            seen);
    }

    [Fact]
    public void Apply_WordsForARun_SayWhatBecameOfEach()
    {
        var log = SteeringRecordings.Steered();
        var state = Fold(log);
        var said = state.Items.OfType<SteerItem>().ToArray();

        Assert.Equal(
            [("s1", "Keep it short.", SteerPhase.Delivered), ("s2", "In French.", SteerPhase.Delivered), ("s3", "Wait!", SteerPhase.NotDelivered)],
            said.Select(item => (item.SteerId, item.Text, item.Phase)));
        Assert.Equal("Supervisor", said[0].Actor?.Role);
        Assert.Equal([SteerPhase.Sending, SteerPhase.Later, SteerPhase.Delivered], said[1].Phases.Steps.Select(step => step.Value.Phase));
        Assert.Equal(SteerPhase.Saved, TimelineClip.At(state, said[0].FromSeq).Items.OfType<SteerItem>().Single().Phase);
        Assert.DoesNotContain(state.Items, item => item is RawItem);
    }

    [Fact]
    public void Apply_Compactions_SayHowEachEndedAndCountTheirTokens()
    {
        var log = SteeringRecordings.Compacted();
        var state = Fold(log);
        var items = state.Items.OfType<CompactionRequestItem>().ToArray();

        Assert.Equal([CompactionPhase.Failed, CompactionPhase.Compacted, CompactionPhase.Failed], items.Select(item => item.Phase));
        Assert.Equal(120L, items[1].InputItems);
        Assert.Equal(1, items[1].Phases.Current!.Items);
        Assert.Equal("It is too long.", items[1].Reason);
        Assert.Equal(new ResponseUsage(1100, 50, 70, 5), state.Usage);
        Assert.Equal(ActivityKind.Compacting, TimelineClip.At(state, items[1].FromSeq).Activity.Kind);
    }

    [Fact]
    public void Apply_ACutResponse_NeverMixesItsTextWithTheNewOne()
    {
        var state = Fold(Recordings.CutAndSentAgain());

        var cut = Assert.IsType<AnswerItem>(state.Items.Single(item => item is AnswerItem { Superseded: not null }));
        Assert.Equal("Half an ans", cut.Text);
        Assert.True(cut.WasCut);
        Assert.Equal("The whole answer.", state.AnswerText);
        Assert.Empty(state.ToolCalls);
        Assert.Equal(AttemptPhase.Cut, state.Items.OfType<AttemptItem>().First().Phase);
        Assert.Equal(ConnectionPhase.Lost, state.Items.OfType<ConnectionItem>().First().Phase);
    }

    [Fact]
    public void Apply_ACutResponseWhoseToolHadStarted_KeepsTheCall()
    {
        var state = Fold(new RunLogBuilder()
            .Begin()
            .Send(1, "resp_1")
            .Call(0, "fc_1", "call_1", "find", "{}")
            .Tool("call_1", "find", "{}", "seven")
            .Own(RunEventTypes.AttemptSuperseded, new { response_id = "resp_1", reason = "Lost." }));

        var call = Assert.Single(state.ToolCalls);
        Assert.Equal("seven", call.Output);
        Assert.NotNull(state.Items.OfType<AttemptItem>().Single().Superseded);
    }

    [Fact]
    public void Apply_ASparseStream_FillsInFromTheTerminalResponse()
    {
        var state = Fold(Recordings.Sparse());

        var answer = Assert.Single(state.Answers);
        Assert.Equal(["No scaffolding at all.", "Not that."], answer.Parts.Select(part => part.Text.ToString()));
        Assert.Equal([TextPartKind.Answer, TextPartKind.Refusal], answer.Parts.Select(part => part.Kind));
        Assert.Equal("One.\n\nTwo.", Assert.Single(state.Items.OfType<ReasoningItem>()).Text);
        Assert.Equal(
            [("find", ToolCallState.TimedOut), ("never_streamed", ToolCallState.Denied)],
            state.ToolCalls.Select(call => (call.Name.Current!, call.State)));
        Assert.Equal("usr_1", state.End?.Actor?.Id);
        Assert.Equal("Stopped", state.End?.Reason);
    }

    [Fact]
    public void Apply_AnErrorAndThenFailed_ShowsTheErrorOnce()
    {
        var state = Fold(Recordings.FellBackAndFailed());

        var attempt = Assert.Single(state.Items.OfType<AttemptItem>());
        Assert.Equal(AttemptPhase.Failed, attempt.Phase);
        Assert.Single(attempt.Error.Steps);
        Assert.Equal(new TransportUse(TransportKind.Http, "The server refused the socket (426)."), state.Transport);
        Assert.Equal(new RunError("server_error", "The model broke.", "Try again."), state.Error);
        Assert.True(Assert.Single(state.Items.OfType<AnswerItem>()).WasCut);
    }

    [Fact]
    public void Apply_AnInterruption_LeavesTheRunningCallUnknownUntilItIsRunAgain()
    {
        var log = Recordings.Interrupted();
        var state = Fold(log);
        var interrupted = TimelineClip.At(state, log.Events.First(e => e.Type == RunEventTypes.RunInterrupted).Seq);

        Assert.Equal(RunStatus.Interrupted, interrupted.Status);
        Assert.Equal([ToolCallState.OutcomeUnknown, ToolCallState.Requested], interrupted.ToolCalls.Select(call => call.State));
        Assert.Equal([ToolCallState.Completed, ToolCallState.OutcomeUnknown], state.ToolCalls.Select(call => call.State));
        Assert.Equal(RunStatus.Cancelled, state.End?.Status);
    }

    [Fact]
    public void Apply_HostedToolsAndNewItems_ShowsThemByTypeAndPhase()
    {
        var state = Fold(Recordings.Hosted());

        Assert.Equal(
            [("web_search_call", "completed"), ("code_interpreter_call", null), ("brand_new_thing", "done")],
            state.Items.OfType<HostedToolItem>().Select(item => (item.ItemType, item.Phase.Current)));
        Assert.Equal("print(1)", state.Items.OfType<HostedToolItem>().ElementAt(1).Input.ToString());
        Assert.Single(state.Answers[0].Annotations);
        Assert.Equal("max_output_tokens", state.End?.IncompleteReason);
    }

    [Fact]
    public void Apply_UnknownEvents_BecomeRawItemsAndRepetitionsOne()
    {
        var state = Fold(Recordings.Odd());

        var raw = state.Items.OfType<RawItem>().ToList();
        Assert.Contains(raw, item => item.Type == "approval.requested");
        Assert.Equal(2, Assert.Single(raw, item => item.Type == "keepalive").Events.Count);
        Assert.Contains(state.Items, item => item is StatusItem { Kind: StatusKind.UpstreamError, Reason: "Too old." });
    }

    [Fact]
    public void Apply_AFinalTextThatDiffers_TakesThePlaceOfTheStreamedOne()
    {
        var log = new RunLogBuilder().Begin().Send(1, "resp_1")
            .Delta("output_text", "msg_1", 0, "Hel")
            .Delta("output_text", "msg_1", 0, "lo wrold")
            .Frame("""{"type":"response.output_text.done","item_id":"msg_1","output_index":0,"content_index":0,"text":"Hello world"}""");
        var state = Fold(log);

        Assert.Equal("Hello world", state.AnswerText);
        Assert.Equal("Hello wrold", TimelineClip.At(state, state.HeadSeq - 1).AnswerText);
        Assert.Equal("Hel", TimelineClip.At(state, state.HeadSeq - 2).AnswerText);
    }

    [Fact]
    public void Append_ManyDeltas_SharesTheClosedChunks()
    {
        var text = GrowingText.Empty;
        for (var seq = 1; seq <= 5000; seq++)
        {
            var next = text.Append(new SeqMark(seq, DateTimeOffset.UnixEpoch), "token ");
            for (var chunk = Math.Max(0, text.Closed.Count - 2); chunk < text.Closed.Count; chunk++)
            {
                Assert.Same(text.Closed[chunk], next.Closed[chunk]);
            }

            Assert.True(next.Open.Text.Length < 600);
            text = next;
        }

        Assert.Equal(30000, text.Length);
        Assert.Equal(string.Concat(Enumerable.Repeat("token ", 5000)), text.ToString());
        Assert.Equal("n token ", text.From(29992));
        Assert.Equal("token to", text.Head(8));
        Assert.Equal(6 * 1234, text.Clip(1234).Length);
    }

    [Fact]
    public void Clip_ATextReplacedVeryOften_DoesNotGoDeep()
    {
        var text = GrowingText.Empty;
        for (var seq = 1; seq <= 200_000; seq++)
        {
            text = text.Finish(new SeqMark(seq, DateTimeOffset.UnixEpoch), seq % 2 == 0 ? "even" : "odd");
        }

        Assert.Equal(199_999, text.Generation);
        Assert.Equal("odd", text.Clip(1).ToString());
        Assert.Equal("", text.Clip(0).ToString());
    }

    [Theory]
    [InlineData("{\"name\":\"Contoso\"}", "Contoso")]
    [InlineData("{\"name\":\"Conto", "")]
    [InlineData("{\"limit\":3,\"q\":\"pump\"}", "pump")]
    [InlineData("{\"limit\":3}", "3")]
    [InlineData("not json", "")]
    [InlineData("{\"a\":\"\\ud800\"}", "")]
    [InlineData("", "")]
    public void FirstValue_OfArguments_IsTheFirstText(string arguments, string expected) =>
        Assert.Equal(expected, ToolSubject.FirstValue(arguments));

    private static TimelineState Fold(RunLogBuilder log) => TimelineReducer.Apply(TimelineState.Empty, log.Events);
}
