using System.Text.Json;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Timeline;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.State;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;

namespace Copilot.Tests.Runs.Recordings;

/// <summary>
/// Upstreams that give calls no ids, the same ones or ever new ones. Each call is carried out once, answered once under an id of its own,
/// and has one card.
/// </summary>
public sealed class CallIdTests
{
    private const string Deltas = """{"type":"response.function_call_arguments.delta","item_id":"fc_2","output_index":0,"delta":"{\"limit\":1}"}""";

    /// <summary>What an upstream does with ids, the events of its response, and the limits of the calls that are meant.</summary>
    public static TheoryData<string, string[], int[]> Responses() => new()
    {
        { "two with neither ids nor places", [Done(null, Call(1)), Done(null, Call(2)), Ended()], [1, 2] },
        { "the same, told twice", [Done(null, Call(1)), Done(null, Call(2)), Done(null, Call(1)), Done(null, Call(2)), Ended()], [1, 2] },
        { "the same, and in the end in another order", [Done(null, Call(1)), Done(null, Call(2)), Ended(Call(2), Call(1))], [1, 2] },
        { "one without an id beside one that is called so", [Done(0, Call(1)), Done(1, Call(2, "call_0")), Ended()], [1, 2] },
        { "two with one id, and one with the id that the second would get", [Done(0, Call(1, "c", "f1")), Done(1, Call(2, "c", "f2")), Done(2, Call(3, "c_2", "f3")), Ended()], [1, 2, 3] },
        { "the same in another order", [Done(0, Call(3, "c_2", "f3")), Done(1, Call(1, "c", "f1")), Done(2, Call(2, "c", "f2")), Ended()], [1, 2, 3] },
        { "an item's id that is another call's", [Done(0, Call(1, "x", "f1")), Done(1, Call(2, null, "x")), Ended()], [1, 2] },
        { "an item's id that is new in every event", [Added(Call(1, "c", "fc_1")), Deltas, Done(0, Call(1, "c", "fc_3")), Ended(Call(1, "c", "fc_4"))], [1] },
        { "the call's id only once it is final, and other items' ids", [Added(Call(1, null, "fc_1")), Deltas, Done(0, Call(1, "c", "fc_3")), Ended(Call(1, "c", "fc_4"))], [1] },
        { "two with one id, and other items' ids in the end", [Done(0, Call(1, "c", "f1")), Done(1, Call(2, "c", "f2")), Ended(Call(1, "c", "g1"), Call(2, "c", "g2"))], [1, 2] },
        { "items' ids without calls' ids, others in the end", [Done(0, Call(1, null, "f1")), Done(1, Call(2, null, "f2")), Ended(Call(1, null, "g1"), Call(2, null, "g2"))], [1, 2] },
        { "places from one on, and other ids in the end", [Done(1, Call(1, null, "f1")), Done(2, Call(2, null, "f2")), Ended(Call(1, null, "g1"), Call(2, null, "g2"))], [1, 2] },
        { "another call's id in the end, never called final before", [Added(Call(1, "c", "fc_2")), Deltas, Ended(Call(1, "d", "fc_2"))], [1] },
        { "never called final, without a call's id", [Added(Call(1, null, "fc_2")), Deltas, Ended()], [1] },
    };

    [Theory]
    [MemberData(nameof(Responses))]
    public async Task Calls_WhateverTheirIds_RunOnceAndHaveOneCard(string upstreamDoes, string[] events, int[] limits)
    {
        var tool = new AnswerFrames.CountTool();
        await using var upstream = await RecordedUpstream.StartAsync(RecordedAnswer.Stream([AnswerFrames.Created, .. events]), AnswerFrames.Last);
        await using var host = await upstream.HostAsync(tool);
        var log = await host.RestAsync((await host.StartRunAsync("Count.")).RunId);
        await host.Runs.WhenIdleAsync().Soon("the run is let go");
        await host.RestAsync((await host.StartRunAsync("Again?")).RunId);

        Assert.NotEmpty(upstreamDoes);
        Assert.Equal("run.completed", log[^1].Type);
        Assert.Equal(limits, tool.Limits.Order());

        var asked = log.Where(e => e.Type == RunEventTypes.ToolRequested).ToDictionary(e => e.CallId!, e => e.Text("arguments")!);
        var cards = TimelineReducer.Apply(TimelineState.Empty, log).ToolCalls.ToArray();
        Assert.Equal(asked, cards.ToDictionary(card => card.CallId.Current!, card => card.Arguments.ToString()));
        Assert.All(cards, card => Assert.Equal(ToolCallState.Completed, card.State));
        foreach (var request in upstream.Requests.Skip(1))
        {
            var input = JsonDocument.Parse(request).RootElement.GetProperty("input").EnumerateArray().ToArray();
            Assert.Equal(asked.Keys.Order(), IdsOf(input, "function_call").Order());
            Assert.Equal(asked.Keys.Order(), IdsOf(input, "function_call_output").Order());
        }
    }

    private static IEnumerable<string> IdsOf(JsonElement[] input, string type) =>
        input.Where(item => item.GetProperty("type").GetString() == type).Select(item => item.GetProperty("call_id").GetString()!);

    private static string Call(int limit, string? callId = null, string? id = null)
    {
        var ids = (id is null ? "" : $"\"id\":\"{id}\",") + (callId is null ? "" : $"\"call_id\":\"{callId}\",");
        return $$"""{"type":"function_call",{{ids}}"name":"count","arguments":"{\"limit\":{{limit}}}"}""";
    }

    private static string Added(string call) =>
        $$"""{"type":"response.output_item.added","output_index":0,"item":{{call.Replace("""{\"limit\":1}""", "", StringComparison.Ordinal)}}}""";

    private static string Done(int? place, string call)
    {
        var index = place is null ? "" : $"\"output_index\":{place},";
        return $$"""{"type":"response.output_item.done",{{index}}"item":{{call}}}""";
    }

    private static string Ended(params string[] output) =>
        $$$"""{"type":"response.completed","response":{"id":"resp_1","status":"completed","output":[{{{string.Join(",", output)}}}]}}""";
}
