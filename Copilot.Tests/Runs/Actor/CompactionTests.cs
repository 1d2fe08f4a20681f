using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Failures;
using Copilot.Domain.Runs.Actor;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Runs.Actor;

/// <summary>When a conversation is compacted before it is sent, and what follows when that fails.</summary>
public sealed class CompactionTests
{
    private const string Short = """{"output":[{"id":"cmp_1","type":"compaction","encrypted_content":"gAAA"}],"usage":{"input_tokens":10,"input_tokens_details":{"cached_tokens":4},"output_tokens":5,"output_tokens_details":{"reasoning_tokens":0},"total_tokens":15} }""";

    private static readonly FailureDecision.CompactAndResend s_required = new(
        new FailureDecision.EndRun("context_length_exceeded", "It is too long.", "Start a new one.") { Reason = "It is too long." }) { Reason = "It is too long." };

    [Theory]
    [InlineData(null)]
    [InlineData(100_000)]
    public async Task Plan_Fits_IsTheConversationAsItIs(int? contextTokens)
    {
        await using var scene = await AnsweredAsync(contextTokens);

        var plan = await scene.Compaction.PlanAsync(scene.Settings).Soon("the plan");

        Assert.Equal(2, plan.InputItems);
        Assert.False(scene.Compaction.WasTried);
        Assert.DoesNotContain(RunEventTypes.CompactionStarted, await scene.TypesAsync());
    }

    [Fact]
    public async Task Plan_WouldNotFit_BeginsWithWhatTheUpstreamMadeOfIt()
    {
        await using var scene = await AnsweredAsync(contextTokens: 1);

        var planning = scene.Compaction.PlanAsync(scene.Settings);
        await (await scene.Upstream.NextPostAsync()).RespondAsync(200, "application/json", Short);
        var plan = await planning.Soon("the plan");

        Assert.Equal("""{"id":"cmp_1","type":"compaction","encrypted_content":"gAAA"}""", System.Text.Encoding.UTF8.GetString(Assert.Single(plan.Request.Input).Json.Span));
        var events = await scene.EventsAsync();
        Assert.Equal(
            [RunEventTypes.CompactionStarted, RunEventTypes.CompactionCompleted, RunEventTypes.CostRecorded],
            events.Select(e => e.Type).TakeLast(3));
        Assert.Equal("compaction", events[^1].Text("of"));
        Assert.Equal(PricedHost.Response, events[^1].Number("amount_micros"));
    }

    [Fact]
    public async Task Plan_CompactionFails_IsTheWholeAndIsNotTriedAgainForTheResponse()
    {
        await using var scene = await AnsweredAsync(contextTokens: 1);

        var planning = scene.Compaction.PlanAsync(scene.Settings);
        await (await scene.Upstream.NextPostAsync()).RespondAsync(404, "application/json", "{}");

        Assert.Equal(2, (await planning.Soon("the plan")).InputItems);
        Assert.Equal(2, (await scene.Compaction.PlanAsync(scene.Settings).Soon("the next plan")).InputItems);
        Assert.Single(await scene.TypesAsync(), RunEventTypes.CompactionFailed);
        scene.Compaction.Begin();
        Assert.False(scene.Compaction.WasTried);
    }

    [Fact]
    public async Task CompactIfRequired_Works_IsDoneOnce()
    {
        await using var scene = await AnsweredAsync(contextTokens: null);
        scene.Compaction.Require(s_required);

        var compacting = scene.Compaction.CompactIfRequiredAsync(scene.Settings);
        await (await scene.Upstream.NextPostAsync()).RespondAsync(200, "application/json", Short);
        await compacting.Soon("the compaction");
        await scene.Compaction.CompactIfRequiredAsync(scene.Settings).Soon("nothing is left to do");

        Assert.Single(scene.Recorder.Input.Items);
        Assert.Single(await scene.TypesAsync(), RunEventTypes.CompactionStarted);
    }

    [Fact]
    public async Task CompactIfRequired_Fails_EndsTheRunAsWhatRequiredItSays()
    {
        await using var scene = await AnsweredAsync(contextTokens: null);
        scene.Compaction.Require(s_required);

        var compacting = scene.Compaction.CompactIfRequiredAsync(scene.Settings);
        (await scene.Upstream.NextPostAsync()).Cut();

        var end = (await Assert.ThrowsAsync<RunEndingException>(() => compacting.Soon("the end"))).End;
        Assert.Equal("context_length_exceeded", Assert.IsType<RunEnd.Failed>(end).Error.Code);
    }

    [Fact]
    public async Task CompactIfRequired_NothingButTheQuestion_EndsTheRunWithoutAsking()
    {
        await using var scene = await RunPartsScene.StartAsync(_ => { });
        scene.Compaction.Require(s_required);

        await Assert.ThrowsAsync<RunEndingException>(() => scene.Compaction.CompactIfRequiredAsync(scene.Settings).Soon("the end"));

        Assert.Equal(0, scene.Upstream.Requests);
    }

    /// <summary>A run that is connected and has a question with its answer.</summary>
    private static async Task<RunPartsScene> AnsweredAsync(int? contextTokens)
    {
        var scene = await RunPartsScene.StartAsync(options => options.ContextTokens = contextTokens);
        Assert.Null(await scene.Connection.OpenAsync().Soon("the connection"));
        scene.Receive(Frames.Answer("resp_1", "In Leeds."));
        return scene;
    }
}
