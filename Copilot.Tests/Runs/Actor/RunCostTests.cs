using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Runs.Actor;

public sealed class RunCostTests : IAsyncLifetime
{
    private ScriptedUpstream _upstream = null!;
    private RunHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _upstream = await ScriptedUpstream.StartAsync();
        _host = await PricedHost.StartAsync(
            _upstream.BaseUrl, _ => { }, TimeProvider.System, new TestTool("read", _ => Task.FromResult("found")));
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task Run_TwoResponses_RecordsEachRightAfterItsEndAndSumsThem()
    {
        var (run, socket) = await StartAsync("m");
        await socket.SendAsync(Frames.Calls("resp_1", ("call_1", "read")));
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Answer("resp_2", "done"));
        var events = await _host.RestAsync(run.RunId);

        var costs = events.Where(e => e.Type == RunEventTypes.CostRecorded).ToArray();
        Assert.Equal(["resp_1", "resp_2"], costs.Select(cost => cost.Text("response_id")));
        Assert.All(costs, cost => Assert.Equal("response.completed", events[(int)cost.Seq - 2].Type));
        var first = costs[0];
        // 6 of 10 input tokens were not cached, cached ones are free here.
        Assert.Equal(PricedHost.Response, first.Number("amount_micros"));
        Assert.Equal("EUR", first.Text("currency"));
        Assert.Equal("m", first.Text("model"));
        Assert.Equal("""{"model":"m","input":1000,"cached":0,"output":1000,"reasoning":1000}""", first.Text("prices"));
        Assert.Equal("""{"input_tokens":10,"cached_tokens":4,"output_tokens":5,"reasoning_tokens":1}""", first.Text("usage"));
        Assert.Equal("""{"amount_micros":22000,"currency":"EUR","partial":false}""", events[^1].Text("cost"));
        AssertCost(2 * PricedHost.Response, isPartial: false, await FindAsync(run.RunId));
    }

    [Fact]
    public async Task Run_AnotherModelAnswers_IsPaidAtItsPrice()
    {
        var (run, socket) = await StartAsync("m");
        await socket.SendAsync(Frames.Created("resp_1"), Completed("resp_1", "completed", "\"model\":\"dear-2026\",", Usage));
        var events = await _host.RestAsync(run.RunId);

        var cost = events.Only(RunEventTypes.CostRecorded);
        Assert.Equal("dear-2026", cost.Text("model"));
        Assert.Equal(30_000, cost.Number("amount_micros"));
        Assert.Equal("dear*", cost.Data("prices").GetProperty("model").GetString());
    }

    [Fact]
    public async Task Run_ModelWithoutAPrice_IsUnknownAndNeverNothing()
    {
        var (run, socket) = await StartAsync("nobody-knows");
        await socket.SendAsync(Frames.Answer("resp_1", "done"));
        var events = await _host.RestAsync(run.RunId);

        var cost = events.Only(RunEventTypes.CostRecorded);
        Assert.Null(cost.Text("amount_micros"));
        Assert.Equal("""{"amount_micros":null,"currency":"EUR","partial":false}""", events[^1].Text("cost"));
        Assert.True((await FindAsync(run.RunId)).CostSoFar.IsUnknown);
    }

    [Fact]
    public async Task Run_Incomplete_KeepsWhatItCost()
    {
        var (run, socket) = await StartAsync("m");
        await socket.SendAsync(
            Frames.Created("resp_1"), Frames.Message("half"),
            Completed("resp_1", "incomplete", "\"incomplete_details\":{\"reason\":\"max_output_tokens\"},", Usage));
        var events = await _host.RestAsync(run.RunId);

        Assert.Equal("max_output_tokens", events[^1].Text("incomplete_reason"));
        AssertCost(15_000, isPartial: false, await FindAsync(run.RunId));
    }

    [Fact]
    public async Task Run_ResponseFailsWithUsage_CountsItToo()
    {
        var (run, socket) = await StartAsync("m");
        await socket.SendAsync(
            Frames.Created("resp_1"),
            Completed("resp_1", "failed", "\"error\":{\"code\":\"invalid_prompt\",\"message\":\"No.\"},", Usage));
        var events = await _host.RestAsync(run.RunId);

        Assert.Equal("invalid_prompt", events[^1].Text("code"));
        AssertCost(15_000, isPartial: false, await FindAsync(run.RunId));
    }

    [Fact]
    public async Task Run_ResponseIsCutAndSentAgain_HasCostAtLeastSoMuch()
    {
        var (run, socket) = await StartAsync("m");
        await socket.SendAsync(Frames.Created("resp_1"), Frames.Delta("half an"));
        socket.Cut();
        var next = await _upstream.NextSocketAsync();
        await next.ReceiveAsync();
        await next.SendAsync(Frames.Answer("resp_2", "done"));
        var events = await _host.RestAsync(run.RunId);

        Assert.Equal("true", events.Only(RunEventTypes.AttemptSuperseded).Text("may_be_billed_twice"));
        Assert.Equal("""{"amount_micros":11000,"currency":"EUR","partial":true}""", events[^1].Text("cost"));
        AssertCost(PricedHost.Response, isPartial: true, await FindAsync(run.RunId));
    }

    [Fact]
    public async Task Run_RateLimitedBeforeItBegins_CostsNothingMore()
    {
        var (run, socket) = await StartAsync("m");
        await socket.SendAsync("""{"type":"error","status":500,"error":{"type":"server_error","code":"server_error","message":"Later."}}""");
        socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Answer("resp_2", "done"));
        await _host.RestAsync(run.RunId);

        AssertCost(PricedHost.Response, isPartial: false, await FindAsync(run.RunId));
    }

    [Fact]
    public async Task Run_StoppedInTheMiddle_KeepsWhatItCostAndSaysThatThereWasMore()
    {
        var (run, socket) = await StartAsync("m");
        await socket.SendAsync(Frames.Calls("resp_1", ("call_1", "read")));
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Created("resp_2"), Frames.Delta("so far"));
        await _host.SeeAsync(run.RunId, "response.output_text.delta");

        await _host.Runs.AskAsync(run.RunId, new RunCommand.Stop(RunHost.Owner, null), CancellationToken.None);
        var events = await _host.RestAsync(run.RunId);

        Assert.Equal(RunEventTypes.RunCancelled, events[^1].Type);
        Assert.Equal("""{"amount_micros":11000,"currency":"EUR","partial":true}""", events[^1].Text("cost"));
        AssertCost(PricedHost.Response, isPartial: true, await FindAsync(run.RunId));
    }

    [Fact]
    public async Task Run_ResumedAfterARestart_GoesOnWithItsSum()
    {
        var (run, socket) = await StartAsync("m");
        await socket.SendAsync(Frames.Calls("resp_1", ("call_1", "read")));
        await socket.ReceiveAsync();

        await _host.RestartAsync();
        await _host.Runs.AskAsync(run.RunId, new RunCommand.Resume(RunHost.Owner, false), CancellationToken.None);
        var next = await _upstream.NextSocketAsync();
        await next.ReceiveAsync();
        await next.SendAsync(Frames.Answer("resp_2", "done"));
        await _host.SeeAsync(run.RunId, RunEventTypes.RunCompleted);

        // The request that the restart cut may have cost something.
        AssertCost(2 * PricedHost.Response, isPartial: true, await FindAsync(run.RunId));
    }

    [Fact]
    public async Task Run_CrashBetweenTheResponseAndItsCost_RecordsItWhenItGoesOn()
    {
        var log = new RunEvents("run_1").Created("ses_1", "usr_1");
        log.Own(RunEventTypes.UserMessage, """{"text":"Do it"}""");
        log.Own(RunEventTypes.RunStarted, "{}");
        log.Own(RunEventTypes.AttemptSent, "{}");
        foreach (var frame in Frames.Answer("resp_1", "done"))
        {
            log.Upstream(frame);
        }

        log.Own(RunEventTypes.RunInterrupted, """{"reason":"The server was restarted."}""");
        await _host.Database.Events.AppendAsync([new RunAppend(log.Summary, log.All)], CancellationToken.None);

        await _host.Runs.AskAsync("run_1", new RunCommand.Resume(RunHost.Owner, false), CancellationToken.None);
        await _host.SeeAsync("run_1", RunEventTypes.RunCompleted);

        Assert.Equal(0, _upstream.Upgrades);
        AssertCost(PricedHost.Response, isPartial: false, await FindAsync("run_1"));
    }

    [Fact]
    public async Task Run_NoPrices_RecordsNothingAndIsUnknown()
    {
        await _host.DisposeAsync();
        _host = await RunHost.StartAsync(_upstream.BaseUrl);
        var (run, socket) = await StartAsync("m");
        await socket.SendAsync(Frames.Answer("resp_1", "done"));
        var events = await _host.RestAsync(run.RunId);

        Assert.DoesNotContain(events, e => e.Type == RunEventTypes.CostRecorded);
        Assert.Equal("""{"amount_micros":null,"currency":null,"partial":false}""", events[^1].Text("cost"));
        var cost = (await FindAsync(run.RunId)).CostSoFar;
        Assert.True(cost.IsUnknown);
        Assert.Null(cost.Currency);
    }

    private const string Usage = """{"input_tokens":10,"input_tokens_details":{"cached_tokens":0},"output_tokens":5,"output_tokens_details":{"reasoning_tokens":1},"total_tokens":15}""";

    private static string Completed(string id, string status, string more, string usage) =>
        $$$"""{"type":"response.{{{status}}}","sequence_number":9,"response":{"id":"{{{id}}}","object":"response","status":"{{{status}}}",{{{more}}}"usage":{{{usage}}} } }""";

    private static void AssertCost(long micros, bool isPartial, RunSummary run)
    {
        Assert.Equal(micros, run.CostSoFar.Micros);
        Assert.Equal("EUR", run.CostSoFar.Currency);
        Assert.Equal(isPartial, run.CostSoFar.IsPartial);
        Assert.False(run.CostSoFar.IsUnknown);
    }

    private async Task<(RunSummary Run, ScriptedSocket Socket)> StartAsync(string model)
    {
        var request = RunHost.Request("Do it", "ses_1");
        var outcome = await _host.Runs.StartAsync(request with { Agent = request.Agent with { Model = model } }, CancellationToken.None);
        var run = Assert.IsType<StartOutcome.Started>(outcome).Run;
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        return (run, socket);
    }

    private async Task<RunSummary> FindAsync(string runId) => (await _host.Database.Events.FindAsync(runId, CancellationToken.None))!;
}
