using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using static Copilot.Tests.Runs.Recordings.AnswerFrames;

namespace Copilot.Tests.Runs.Recordings;

/// <summary>Ends of a response that say less than they should, or two things.</summary>
public sealed class AnswerEndTests
{
    [Theory]
    [InlineData("""{"type":"response.completed","response":{"id":"resp_1","status":"completed","output":[]}}""", "empty")]
    [InlineData("""{"type":"response.incomplete","response":{"id":"resp_1","status":"incomplete","output":[]}}""", "unknown")]
    [InlineData("""{"type":"response.completed","response":{"id":"resp_1","status":"incomplete","output":[],"incomplete_details":{"reason":"max_output_tokens"}}}""", "max_output_tokens")]
    [InlineData("""{"type":"response.completed","response":{"id":"resp_1","status":"in_progress","output":[]}}""", "unknown")]
    public async Task End_ThatIsNoWholeAnswer_SaysSo(string last, string reason)
    {
        await using var upstream = await RecordedUpstream.StartAsync(RecordedAnswer.Stream(Created, last));
        await using var host = await upstream.HostAsync();
        var log = await host.RestAsync((await host.StartRunAsync("Well?")).RunId);

        Assert.Equal("run.completed", log[^1].Type);
        Assert.Equal(reason, log[^1].Text("incomplete_reason"));
    }

    [Fact]
    public async Task Incomplete_WithoutAReason_CarriesOutNoCall()
    {
        var tool = new CountTool();
        await using var upstream = await RecordedUpstream.StartAsync(
            RecordedAnswer.Stream(Created, Done(Call("{\"limit\":1}")), """{"type":"response.incomplete","response":{"id":"resp_1","status":"incomplete"}}"""));
        await using var host = await upstream.HostAsync(tool);
        var log = await host.RestAsync((await host.StartRunAsync("Count.")).RunId);

        Assert.Equal("unknown", log[^1].Text("incomplete_reason"));
        Assert.Empty(tool.Limits);
    }

    [Fact]
    public async Task Completed_WithStatusFailed_Fails()
    {
        await using var upstream = await RecordedUpstream.StartAsync(RecordedAnswer.Stream(
            Created, """{"type":"response.completed","response":{"id":"resp_1","status":"failed","output":[],"error":{"code":"model_crashed","message":"The model crashed."}}}"""));
        await using var host = await upstream.HostAsync();
        var log = await host.RestAsync((await host.StartRunAsync("Well?")).RunId);

        Assert.Equal("run.failed", log[^1].Type);
        Assert.Equal("The model crashed.", log[^1].Text("message"));
    }

    [Theory]
    [InlineData("""{"type":"response.done"}""")]
    [InlineData("""{"type":"response.completed","response":{"status":"completed"}}""")]
    public async Task End_WithoutAnId_IsAnAnswer(string last)
    {
        await using var upstream = await RecordedUpstream.StartAsync(RecordedAnswer.Stream(Done(Message("msg_1", "Three.")), last));
        await using var host = await upstream.HostAsync();
        var run = await host.StartRunAsync("Well?");
        var log = await host.RestAsync(run.RunId);

        Assert.Equal("run.completed", log[^1].Type);
        Assert.Equal("Three.", (await host.Database.Events.FindAsync(run.RunId, CancellationToken.None))!.OutputText);
    }
}
