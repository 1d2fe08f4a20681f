using Copilot.Tests.Shared;

namespace Copilot.Tests.Runs.Recordings;

/// <summary>The key of the upstream, <c>test-key</c>, does not come back out of what an upstream says.</summary>
public sealed class SecretTests
{
    [Fact]
    public async Task Error_ThatQuotesKeyAndControlSequences_HasNeither()
    {
        await using var upstream = await RecordedUpstream.StartAsync(
            RecordedAnswer.Refusal(401, """{"message":"\u001b[31mIncorrect\u001b[0m API key: test-key","code":"invalid_api_key"}"""));
        await using var host = await upstream.HostAsync();
        var log = await host.RestAsync((await host.StartRunAsync("Hello?")).RunId);

        Assert.Equal("Incorrect API key: [secret]", log[^1].Text("message"));
    }

    [Theory]
    [InlineData("The key is te", "st-ke", "y, you know.")]
    [InlineData("The key is ", "test-k", "ey, you know.")]
    [InlineData("The key is t", "est-key, ", "you know.")]
    public async Task Deltas_ThatSpellTheKey_DoNot(params string[] pieces)
    {
        await using var upstream = await RecordedUpstream.StartAsync(RecordedAnswer.Stream(
        [
            """{"type":"response.created","response":{"id":"resp_1","status":"in_progress"}}""",
            .. pieces.Select(piece => $$"""{"type":"response.output_text.delta","item_id":"msg_1","output_index":0,"content_index":0,"delta":"{{piece}}"}"""),
            """{"type":"response.completed","response":{"id":"resp_1","status":"completed"}}""",
        ]));
        await using var host = await upstream.HostAsync();
        var run = await host.StartRunAsync("Hello?");
        var log = await host.RestAsync(run.RunId);

        var said = string.Concat(log.Where(e => e.Type == "response.output_text.delta").Select(e => e.Text("delta")));
        Assert.DoesNotContain("test-key", said, StringComparison.Ordinal);
        Assert.Contains("[secret], you know.", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deltas_ThatOnlyBeginLikeTheKey_ComeAsTheyAre()
    {
        await using var upstream = await RecordedUpstream.StartAsync(RecordedAnswer.Stream(
            """{"type":"response.output_text.delta","item_id":"msg_1","output_index":0,"content_index":0,"delta":"a test-"}""",
            """{"type":"response.output_text.delta","item_id":"msg_1","output_index":0,"content_index":0,"delta":"bench and test-k"}""",
            """{"type":"response.completed","response":{"id":"resp_1","status":"completed"}}"""));
        await using var host = await upstream.HostAsync();
        var log = await host.RestAsync((await host.StartRunAsync("Hello?")).RunId);

        Assert.Equal(["a test-", "bench and test-k"], log.Where(e => e.Type == "response.output_text.delta").Select(e => e.Text("delta")));
    }
}
