using System.Text.Json;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Runs;
using Copilot.Tests.Shared.Upstream;
using Copilot.Web.Storage;

namespace Copilot.Tests.Runs.Summaries;

public sealed class RunCostFoldTests
{
    private readonly RunEvents _log = new("run_1");

    public RunCostFoldTests() => _log.Created("ses_1", "usr_1");

    private RunCost Cost => _log.Summary.CostSoFar;

    [Fact]
    public void Apply_NothingAsked_CostsNothing()
    {
        Assert.Equal(RunCost.Zero, Cost);
        Assert.False(Cost.IsUnknown);
    }

    [Fact]
    public void Apply_LogFromBeforeCosts_IsUnknown()
    {
        Respond("resp_1");
        _log.Own(RunEventTypes.RunCompleted, """{"duration_ms":1,"usage":{"input_tokens":10}}""");

        Assert.Equal(0, Cost.Micros);
        Assert.True(Cost.IsUnknown);
        Assert.False(Cost.IsPartial);
    }

    [Fact]
    public void Apply_SomeRecordedAndSomeNot_IsPartial()
    {
        Respond("resp_1");
        Respond("resp_2");
        Record("resp_2", 500);

        Assert.Equal(500, Cost.Micros);
        Assert.False(Cost.IsUnknown);
        Assert.True(Cost.IsPartial);
        Assert.Equal(1, Cost.Unpriced);
    }

    [Fact]
    public void Apply_AnotherCurrency_IsNotAddedUp()
    {
        Respond("resp_1");
        Record("resp_1", 500);
        Respond("resp_2");
        Record("resp_2", 700, "USD");

        Assert.Equal(500, Cost.Micros);
        Assert.Equal("EUR", Cost.Currency);
        Assert.True(Cost.IsPartial);
    }

    [Fact]
    public void Apply_Compaction_IsAddedWithoutAResponse()
    {
        Respond("resp_1");
        Record("resp_1", 500, more: ",\"next_at_least_micros\":300");
        Assert.Equal(300, Cost.NextAtLeastMicros);

        _log.Own(RunEventTypes.CostRecorded, """{"of":"compaction","currency":"EUR","amount_micros":40}""");

        Assert.Equal(540, Cost.Micros);
        Assert.Equal(0, Cost.Gaps);
        Assert.Equal(0, Cost.NextAtLeastMicros);
    }

    [Fact]
    public void Apply_CompactionWithoutAPrice_IsAGap()
    {
        _log.Own(RunEventTypes.CostRecorded, """{"of":"compaction","currency":"EUR","amount_micros":null,"prices":null}""");

        Assert.True(Cost.IsUnknown);
    }

    [Fact]
    public void Apply_InterruptedInTheMiddleAndSuperseded_IsOneGap()
    {
        Begin("resp_1");
        _log.Own(RunEventTypes.RunInterrupted, """{"reason":"restart"}""");
        _log.Own(RunEventTypes.RunResumed, """{"reason":"back"}""");
        _log.Own(RunEventTypes.AttemptSuperseded, """{"response_id":"resp_1","reason":"the run was interrupted"}""");

        Assert.Equal(1, Cost.Cut);
        Assert.True(Cost.IsUnknown);
    }

    [Fact]
    public void Apply_CompletedWithoutUsage_IsAGap()
    {
        Begin("resp_1");
        _log.Upstream("""{"type":"response.completed","response":{"id":"resp_1","status":"completed"}}""");

        Assert.Equal(1, Cost.Cut);
    }

    [Fact]
    public void Apply_RefusedBeforeItBegan_CostsNothing()
    {
        _log.Own(RunEventTypes.AttemptSent, "{}");
        _log.Own(RunEventTypes.RunFailed, """{"code":"invalid_api_key","message":"No."}""");

        Assert.Equal(RunCost.Zero, Cost);
    }

    [Fact]
    public void Apply_SentAndLost_IsAGap()
    {
        _log.Own(RunEventTypes.AttemptSent, "{}");
        _log.Own(RunEventTypes.AttemptSuperseded, """{"response_id":null,"reason":"lost","may_be_billed_twice":true}""");

        Assert.Equal(1, Cost.Cut);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"amount_micros":"much","currency":7}""")]
    [InlineData("""{"amount_micros":-5,"currency":"EUR"}""")]
    public void Apply_SpoiledRecord_NeverMakesTheCostSmaller(string data)
    {
        Respond("resp_1");
        Record("resp_1", 500);
        _log.Own(RunEventTypes.CostRecorded, data);

        Assert.Equal(500, Cost.Micros);
    }

    [Fact]
    public void CostSoFar_SummaryFromBeforeCosts_IsUnknown()
    {
        Respond("resp_1");
        Record("resp_1", 500);
        var json = JsonSerializer.SerializeToNode(_log.Summary, StorageJson.Default.RunSummary)!.AsObject();
        var kept = JsonSerializer.Deserialize(json.ToJsonString(), StorageJson.Default.RunSummary)!;
        json.Remove("cost");
        var old = JsonSerializer.Deserialize(json.ToJsonString(), StorageJson.Default.RunSummary)!;

        Assert.Equal(Cost, kept.CostSoFar);
        Assert.True(old.CostSoFar.IsUnknown);
    }

    [Fact]
    public void Budget_OldRun_HasNone() => Assert.Null(_log.Summary.Budget);

    private void Begin(string id)
    {
        _log.Own(RunEventTypes.AttemptSent, "{}");
        _log.Upstream(Frames.Created(id));
    }

    private void Respond(string id)
    {
        Begin(id);
        _log.Upstream(Frames.Completed(id));
    }

    private void Record(string id, long micros, string currency = "EUR", string more = "") => _log.Own(
        RunEventTypes.CostRecorded,
        $$"""{"of":"response","response_id":"{{id}}","model":"m","currency":"{{currency}}","amount_micros":{{micros}}{{more}}}""");
}
