using Copilot.Domain.Costs;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Sessions;
using Copilot.Domain.Runs.Actor;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Upstream;
using Microsoft.Extensions.Logging.Abstractions;

namespace Copilot.Tests.Runs.Actor;

/// <summary>What is recorded of the cost of a run's requests, as the events come.</summary>
public sealed class RunCostsTests : IAsyncLifetime
{
    private static readonly ResponseUsage s_usage = new(10, 4, 5, 1);
    private RunPartsScene _scene = null!;

    public async ValueTask InitializeAsync() => _scene = await RunPartsScene.StartAsync(_ => { });

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Fact]
    public async Task RecordResponse_ModelWasNamedAtTheBeginning_IsPaidAtItsPrice()
    {
        Respond("""{"type":"response.created","response":{"id":"resp_1","status":"in_progress","model":"dear-2026","output":[]}}""");
        Respond(Frames.Completed("resp_1"));
        Respond(Frames.Completed("resp_2"));

        var costs = (await _scene.EventsAsync()).Where(e => e.Type == RunEventTypes.CostRecorded).ToArray();
        Assert.Equal(["dear-2026", "m"], costs.Select(cost => cost.Text("model")));
        Assert.Equal(["resp_1", "resp_2"], costs.Select(cost => cost.Text("response_id")));
        Assert.Equal([30_000L, PricedHost.Response], costs.Select(cost => cost.Number("amount_micros")));
    }

    [Fact]
    public async Task RecordResponse_WithoutUsage_RecordsNothing()
    {
        Respond(Frames.Created("resp_1"));
        Respond(Frames.Delta("In Leeds."));
        Respond("""{"type":"response.failed","response":{"id":"resp_1","status":"failed","error":null}}""");

        Assert.DoesNotContain(RunEventTypes.CostRecorded, await _scene.TypesAsync());
    }

    [Fact]
    public async Task Record_ModelWithoutAPrice_IsUnknownAndNeverNothing()
    {
        _scene.Costs.Record(CostSubject.Response, "resp_1", model: "other", "another", s_usage);

        var cost = Assert.Single(await _scene.EventsAsync());
        Assert.Equal("other", cost.Text("model"));
        Assert.Null(cost.Number("amount_micros"));
        Assert.Null(cost.Text("prices"));
        Assert.Null(cost.Number("next_at_least_micros"));
    }

    [Fact]
    public async Task Record_NoModelHasAPrice_RecordsNothing()
    {
        var unpriced = new RunCosts(_scene.Recorder, new PriceTable(Microsoft.Extensions.Options.Options.Create(new PriceOptions())), NullLogger.Instance);

        unpriced.Record(CostSubject.Response, "resp_1", model: null, "m", s_usage);

        Assert.Empty(await _scene.EventsAsync());
    }

    [Theory]
    [InlineData(CostSubject.Response, 28_000)]
    [InlineData(CostSubject.Compaction, 0)]
    [InlineData(CostSubject.WarmUp, 0)]
    public async Task Record_BySubject_OnlyAResponseTellsWhatTheNextCostsAtLeast(CostSubject of, long nextAtLeast)
    {
        _scene.Costs.Record(of, "resp_1", "dear-2026", "m", s_usage);

        var cost = Assert.Single(await _scene.EventsAsync());
        Assert.Equal(30_000, cost.Number("amount_micros"));
        Assert.Equal(nextAtLeast, cost.Number("next_at_least_micros"));
    }

    [Fact]
    public async Task RecordMissed_ResponseEndedBeforeACrash_IsRecordedOnce()
    {
        _scene.Receive(Frames.Created("resp_1"), Frames.Completed("resp_1"));

        _scene.Costs.RecordMissed("m");
        _scene.Costs.RecordMissed("m");

        var cost = (await _scene.EventsAsync()).Only(RunEventTypes.CostRecorded);
        Assert.Equal("resp_1", cost.Text("response_id"));
        Assert.Equal(PricedHost.Response, cost.Number("amount_micros"));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void AtEnd_WithARequestUnderWay_IsPartialOnlyIfItWasCancelled(bool isCancelled, bool isPartial)
    {
        Respond(Frames.Completed("resp_1"));
        _scene.Recorder.Record(new AttemptSent(2, SendMode.Full, null, 1, 10, TransportKind.WebSocket, "ws://upstream", false));

        Assert.Equal(new EndCost(PricedHost.Response, "EUR", isPartial), _scene.Costs.AtEnd(isCancelled));
    }

    [Fact]
    public void AtEnd_OnlyRequestWasCut_IsUnknown()
    {
        _scene.Recorder.Record(new AttemptSent(1, SendMode.Full, null, 1, 10, TransportKind.WebSocket, "ws://upstream", false));

        Assert.Null(_scene.Costs.AtEnd(isCancelled: true).AmountMicros);
    }

    private void Respond(string frame)
    {
        _scene.Receive(frame);
        _scene.Costs.RecordResponse(Frames.Parse(frame), "m");
    }
}
