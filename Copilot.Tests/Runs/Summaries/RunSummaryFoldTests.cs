using System.Text.Json;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Input;
using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Golden;
using Copilot.Tests.Shared.Runs;

namespace Copilot.Tests.Runs.Summaries;

/// <summary>A run's summary, folded from its events.</summary>
public sealed class RunSummaryFoldTests
{
    public static TheoryData<string> Names => [.. GoldenLog.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Apply_WithTheOutputOfAnotherFold_SaysTheSameAfterEveryEvent(string name)
    {
        foreach (var run in GoldenLog.Read(name).Runs)
        {
            var input = new InputFold(store: false);
            RunSummary? alone = null;
            RunSummary? shared = null;
            foreach (var runEvent in run)
            {
                input.Apply(runEvent);
                alone = RunSummaryFold.Apply(alone, runEvent);
                shared = RunSummaryFold.Apply(shared, runEvent, input.OpenOutput);

                Assert.Equal(JsonSerializer.Serialize(alone), JsonSerializer.Serialize(shared));
            }
        }
    }

    [Theory]
    [InlineData("a", "b", "ab")]
    [InlineData("", "😀", "😀")]
    public void LastWords_ShortText_IsWhole(string first, string second, string expected) =>
        Assert.Equal(expected, LastWordsOf(first, second));

    [Fact]
    public void LastWords_LongText_EndsWithTheNewestAndNeverBeginsInsideACharacter()
    {
        // 118 characters after the emoji's first half: the limit of 120 would begin with its second half.
        var words = LastWordsOf("before 😀" + new string('x', 60), new string('y', 59));

        Assert.Equal(new string('x', 60) + new string('y', 59), words);
        Assert.Equal(new string('z', 120), LastWordsOf("before", new string('z', 500)));
    }

    [Fact]
    public void ContextTokens_IsWhatTheNewestResponseHeldUntilTheConversationIsCompacted()
    {
        var events = new RunEvents("run_1").Created("ses_1", "usr_1");
        Assert.Null(events.Summary.ContextTokens);

        events.Upstream("""{"type":"response.completed","response":{"id":"resp_1","status":"completed","output":[],"usage":{"input_tokens":900,"output_tokens":100}}}""");
        events.Upstream("""{"type":"response.completed","response":{"id":"resp_2","status":"completed","output":[],"usage":{"input_tokens":1200,"output_tokens":34}}}""");
        Assert.Equal(1234, events.Summary.ContextTokens);
        Assert.Equal(2100, events.Summary.Usage.InputTokens);

        events.Own(RunEventTypes.CompactionCompleted, """{"items":2}""");
        Assert.Null(events.Summary.ContextTokens);
    }

    private static string LastWordsOf(params string[] pieces)
    {
        var events = new RunEvents("run_1").Created("ses_1", "usr_1");
        foreach (var piece in pieces)
        {
            events.Upstream(JsonSerializer.Serialize(new { type = "response.output_text.delta", item_id = "msg_1", output_index = 0, content_index = 0, delta = piece }));
        }

        return events.Summary.LastWords;
    }
}
