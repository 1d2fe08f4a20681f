using Copilot.Demo.Upstream.Faults;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Tests.Shared.Upstream;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Runs.Actor;

/// <summary>
/// Every fault of the demo upstream, met on real sockets by a run that calls a tool with an effect: how it ends, which rows of the
/// policy decided, which clock fired, and that the tool ran exactly as often as it was called.
/// </summary>
public sealed class EveryFaultTests
{
    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Fault, end of the run, rows of the policy, clocks, and how often the tool runs. Where a fault strikes between two responses, it
    /// is chance whether the next request is on its way already: then either of the rows behind the bars decides.
    /// </summary>
    public static TheoryData<string, string, string, string, int> Table => new()
    {
        { "upgrade_hang", "completed", "", "head_start", 1 },
        { "upgrade_delayed", "completed", "", "head_start", 1 },
        { "upgrade_200_html", "completed", "", "", 1 },
        { "upgrade_401", "failed: upstream_refused", "", "", 0 },
        { "upgrade_403_html", "completed", "", "", 1 },
        { "upgrade_426", "completed", "", "", 1 },
        { "upgrade_429", "completed", "rate-limited", "", 1 },
        { "upgrade_500", "completed", "", "", 1 },
        { "upgrade_503", "completed", "", "", 1 },
        { "upgrade_redirect", "completed", "", "", 1 },
        { "upgrade_reset", "completed", "", "", 1 },
        { "open_close_1000", "completed", "accepted-then-refused", "", 1 },
        { "open_close_1008", "completed", "accepted-then-refused", "", 1 },
        { "open_close_1006", "completed", "lost, accepted-then-refused", "", 1 },
        { "open_silence", "completed", "silent-new-socket", "first_event", 1 },
        { "previous_response_not_found", "completed", "parent-gone", "", 1 },
        { "limit_between_turns", "completed", "connection-limit", "", 1 },
        { "limit_between_turns_close", "completed", "connection-limit", "", 1 },
        { "limit_in_flight", "completed", "connection-limit", "", 1 },
        { "limit_in_flight_close", "completed", "connection-limit", "", 1 },
        { "limit_idle", "completed", "|connection-limit", "", 1 },
        { "limit_idle_close", "completed", "|connection-limit|ended-idle", "", 1 },
        { "cut", "completed", "lost", "", 1 },
        { "cut_text", "completed", "lost", "", 1 },
        { "cut_arguments", "completed", "lost", "", 1 },
        { "half_open", "completed", "lost", "keep_alive", 1 },
        { "silence", "completed", "silent-socket", "first_event", 1 },
        { "long_silence", "completed", "", "", 1 },
        { "close_1000", "completed", "lost", "", 1 },
        { "close_1001", "completed", "lost", "", 1 },
        { "close_1005", "completed", "lost", "", 1 },
        { "close_1006", "completed", "lost", "", 1 },
        { "close_1008", "completed", "lost", "", 1 },
        { "close_1009", "completed", "too-big-for-a-socket", "", 1 },
        { "close_1011", "completed", "lost", "", 1 },
        { "close_1012", "completed", "lost", "", 1 },
        { "close_1013", "completed", "lost", "", 1 },
        { "rate_limit_header", "completed", "rate-limited", "", 1 },
        { "rate_limit_body", "completed", "rate-limited", "", 1 },
        { "rate_limit_message", "completed", "rate-limited", "", 1 },
        { "rate_limit_failed", "completed", "rate-limited", "", 1 },
        { "usage_limit_reached", "failed: usage_limit_reached", "", "", 0 },
        { "server_is_overloaded", "completed", "overloaded", "", 1 },
        { "slow_down", "completed", "overloaded", "", 1 },
        { "error_503", "completed", "overloaded", "", 1 },
        { "error_500", "completed", "server-error", "", 1 },
        { "response_failed", "completed", "server-error", "", 1 },
        { "error_then_failed", "completed", "server-error", "", 1 },
        { "error_flat", "completed", "server-error", "", 1 },
        { "error_nested", "completed", "server-error", "", 1 },
        { "error_detail", "failed: upstream_error", "", "", 0 },
        { "incomplete_max_output_tokens", "incomplete: max_output_tokens", "", "", 1 },
        { "incomplete_content_filter", "incomplete: content_filter", "", "", 1 },
        { "context_length_exceeded", "failed: context_length_exceeded", "compact-first", "", 0 },
        { "insufficient_quota", "failed: insufficient_quota", "", "", 0 },
        { "usage_not_included", "failed: usage_not_included", "", "", 0 },
        { "invalid_prompt", "failed: invalid_prompt", "", "", 0 },
        { "cyber_policy", "failed: cyber_policy", "", "", 0 },
        { "invalid_api_key", "failed: invalid_api_key", "", "", 0 },
        { "bad_json", "completed", "garbage-on-a-socket", "", 1 },
        { "binary", "completed", "garbage-on-a-socket", "", 1 },
        { "done_frame", "completed", "", "", 1 },
        { "keepalive", "completed", "", "", 1 },
        { "rate_limits_event", "completed", "", "", 1 },
        { "unknown_event", "completed", "", "", 1 },
        { "unknown_item", "completed", "", "", 1 },
        { "sparse", "completed", "", "", 1 },
        { "sequence_repeated", "completed", "", "", 1 },
        { "sequence_restarts", "completed", "", "", 1 },
        { "big_frame", "completed", "", "", 1 },
        { "slow_drip", "completed", "", "", 1 },
        { "ping_storm", "completed", "", "", 1 },
        { "http_hang", "completed", "silent", "first_event", 1 },
        { "http_401", "failed: invalid_request_error", "", "", 0 },
        { "http_403_html", "failed: upstream_refused", "", "", 0 },
        { "http_429", "completed", "rate-limited", "", 1 },
        { "http_500", "completed", "server-error", "", 1 },
        { "http_502_html", "completed", "server-error", "", 1 },
        { "http_503", "completed", "overloaded", "", 1 },
        { "http_200_html", "completed", "garbage-once", "", 1 },
        { "http_reset", "completed", "lost", "", 1 },
        { "http_cut", "completed", "lost", "", 1 },
    };

    [Fact]
    public void Table_HasEveryFaultOfTheCatalogue() =>
        Assert.Equal(DemoFaultCatalog.All.Select(kind => kind.Name), Table.Cast<ITheoryDataRow>().Select(row => (string)row.GetData()[0]!));

    [Theory]
    [MemberData(nameof(Table))]
    public async Task Run_MeetsAFault_EndsAsTheTableSaysAndRunsItsToolOnce(string fault, string end, string rows, string clocks, int toolRuns)
    {
        var tool = new TestTool("act", _ => Task.FromResult("acted")) { ReadOnly = false, Idempotent = false, Parallel = false };
        await using var upstream = await DemoUpstreamHost.StartAsync();
        await using var host = await RunHost.StartAsync(upstream.BaseAddress, options => Configure(options, fault), tool);
        upstream.Services.GetRequiredService<DemoFaults>().Inject(Inject(fault));

        var events = await RunAsync(host).Soon("the run rests");

        Assert.Equal(end, End(events[^1]));
        Assert.Equal(clocks, Distinct(events, null, "clock"));
        Assert.Contains(Distinct(events, RunEventTypes.AttemptRetryScheduled, "row"), rows.Split('|'));
        Assert.Equal(toolRuns, tool.Runs);
        var started = events.Where(e => e.Type == RunEventTypes.ToolStarted).Select(e => e.CallId).ToArray();
        Assert.Equal(started.Distinct(), started);
        Assert.Equal(started, events.Where(e => e.Payload is ToolEnded).Select(e => e.CallId));
    }

    [Fact]
    public async Task Run_HalfOpenOverHttp_IsEndedByTheStallTimeoutAndRunsItsToolOnce()
    {
        var tool = new TestTool("act", _ => Task.FromResult("acted")) { ReadOnly = false, Idempotent = false, Parallel = false };
        await using var upstream = await DemoUpstreamHost.StartAsync();
        await using var host = await RunHost.StartAsync(
            upstream.BaseAddress,
            // Long enough for a loaded machine to go on sending what it sends.
            options => (options.Transport, options.StallTimeout) = (TransportChoice.Http, TimeSpan.FromSeconds(2)),
            tool);
        upstream.Services.GetRequiredService<DemoFaults>().Inject(Inject("half_open"));

        var events = await RunAsync(host).Soon("the run rests");

        Assert.Equal("completed", End(events[^1]));
        Assert.Equal("stall", Distinct(events, null, "clock"));
        Assert.Equal("lost", Distinct(events, RunEventTypes.AttemptRetryScheduled, "row"));
        Assert.Equal(1, tool.Runs);
    }

    private static void Configure(UpstreamOptions options, string fault)
    {
        options.Transport = DemoFaultCatalog.Find(fault)!.Transport == "http" ? TransportChoice.Http : TransportChoice.Auto;
        switch (fault)
        {
            case "upgrade_hang" or "upgrade_delayed":
                options.SocketHeadStart = s_short;
                break;
            case "open_silence" or "silence" or "http_hang":
                // Long enough for a loaded machine to answer what is answered.
                options.FirstEventTimeout = TimeSpan.FromSeconds(2);
                break;
            case "half_open":
                (options.KeepAliveInterval, options.KeepAliveTimeout) = (s_short, TimeSpan.FromSeconds(2));
                break;
        }
    }

    private static DemoFault Inject(string fault) => fault switch
    {
        // In mid-response silence is legitimate for as long as the run may last; after a request it is not.
        "silence" => new DemoFault { Fault = fault, Times = 1, Skip = 1, At = 0 },
        "upgrade_delayed" => new DemoFault { Fault = fault, Seconds = 1 },
        "long_silence" => new DemoFault { Fault = fault, Times = 1, Seconds = 0.3 },
        "slow_drip" => new DemoFault { Fault = fault, Times = 1, Seconds = 0.001 },
        // The tool's arguments come in one piece.
        "cut_arguments" => new DemoFault { Fault = fault, Times = 1, At = 0 },
        "upgrade_429" => new DemoFault { Fault = fault, Times = 1 },
        _ => new DemoFault { Fault = fault, Times = DemoFaultCatalog.Find(fault)!.Place is DemoFaultStage.Upgrade ? null : 1 },
    };

    /// <summary>Follows a run to its end; a person cuts every long wait short.</summary>
    private static async Task<IReadOnlyList<RunEvent>> RunAsync(RunHost host)
    {
        var request = RunHost.Request("Act", "ses_1") with
        {
            Metadata = new Dictionary<string, string> { ["demo.tool_rounds"] = "1", ["demo.answer_tokens"] = "12" },
        };
        var run = Assert.IsType<StartOutcome.Started>(await host.Runs.StartAsync(request, CancellationToken.None)).Run;
        var events = new List<RunEvent>();
        await foreach (var batch in host.Feed.FollowAsync(run.RunId, 0, CancellationToken.None))
        {
            events.AddRange(batch);
            foreach (var wait in batch.Where(e => e.Type == RunEventTypes.AttemptRetryScheduled && e.Number("delay_ms") > 200))
            {
                await host.Runs.AskAsync(run.RunId, new RunCommand.RetryNow(RunHost.Owner), CancellationToken.None);
            }
        }

        return events;
    }

    private static string End(RunEvent last) => last switch
    {
        { Type: RunEventTypes.RunFailed } => "failed: " + last.Text("code"),
        { Type: RunEventTypes.RunCompleted } => last.Text("incomplete_reason") is { } reason ? "incomplete: " + reason : "completed",
        _ => last.Type,
    };

    /// <summary>The values that our own events give a property, once each, in order.</summary>
    private static string Distinct(IEnumerable<RunEvent> events, string? type, string property) => string.Join(", ", events
        .Where(e => e.Upstream is null && (type is null || e.Type == type))
        .Select(e => e.Text(property))
        .OfType<string>()
        .Distinct());
}
