using Copilot.Domain.Erasure;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Runs;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Erasure;

/// <summary>What the log says a run left with the upstream.</summary>
public sealed class StoredResponseFoldTests
{
    [Fact]
    public void Apply_NotStoredOverASocket_IsProvenByItsClose()
    {
        var log = new RunLogBuilder().Begin().Connect();
        Send(log, store: false).Frame(Frames.Created("resp_1")).Frame(Frames.Completed("resp_1")).End();

        var trace = Assert.Single(Fold(log));

        Assert.Equal("resp_1", trace.ResponseId);
        Assert.False(trace.Stored);
        Assert.Equal(TransportKind.WebSocket, trace.Transport);
        Assert.Equal("https://api.example.com/v1", trace.Endpoint);
        Assert.Equal("done", trace.Ending!.Reason);
        Assert.Equal(1000, trace.Ending.CloseCode);
        Assert.Equal(log.Events[^2].At, trace.Ending.At);
    }

    [Fact]
    public void Apply_ProcessKilled_ItsSocketsEndedWithIt()
    {
        var log = new RunLogBuilder().Begin().Connect();
        Send(log, store: false).Frame(Frames.Created("resp_1")).Own(RunEventTypes.RunInterrupted, new { reason = "The server was restarted." });

        Assert.Equal("its process ended", Assert.Single(Fold(log)).Ending!.Reason);
    }

    [Fact]
    public void Apply_LostSocketAndAnotherOne_HaveSeparateEnds()
    {
        var log = new RunLogBuilder().Begin().Connect();
        Send(log, store: false).Frame(Frames.Created("resp_1")).Own(RunEventTypes.TransportLost, new { kind = "websocket", reason = "gone" });
        Send(log.Connect(), store: false).Frame(Frames.Created("resp_2")).Frame(Frames.Completed("resp_2")).End();

        Assert.Equal([("resp_1", "lost"), ("resp_2", "done")], Fold(log).Select(trace => (trace.ResponseId!, trace.Ending!.Reason)));
    }

    [Fact]
    public void Apply_UpstreamReportsStored_CountsAsStored()
    {
        var log = new RunLogBuilder().Begin().Connect();
        Send(log, store: false).Frame("""{"type":"response.created","response":{"id":"resp_1","status":"in_progress","store":true,"output":[]}}""").End();

        Assert.True(Assert.Single(Fold(log)).Stored);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData(""","store":true""", true)]
    [InlineData(""","store":false""", false)]
    public void Apply_OldLogWithoutStore_UsesTheResponseElseAssumesStored(string store, bool stored)
    {
        var log = new RunLogBuilder().Begin().Connect().Send(1, null)
            .Frame($$$"""{"type":"response.created","response":{"id":"resp_1","status":"in_progress","output":[]{{{store}}}}}""")
            .Frame(Frames.Completed("resp_1")).End();

        var trace = Assert.Single(Fold(log));

        Assert.Equal(stored, trace.Stored);
        Assert.Equal("api.example.com", trace.Endpoint);
    }

    [Fact]
    public void Apply_WarmedSocket_IsProvenByItsClose()
    {
        var log = new RunLogBuilder().Begin().Connect().Own(RunEventTypes.TransportWarmed, new { response_id = "resp_warm", input_items = 1, bytes = 10 });
        Send(log, store: false).Frame(Frames.Created("resp_1")).Frame(Frames.Completed("resp_1")).End();

        Assert.Equal(
            [("resp_warm", false, "done"), ("resp_1", false, "done")],
            Fold(log).Select(trace => (trace.ResponseId!, trace.Stored, trace.Ending!.Reason)));
    }

    [Fact]
    public void Apply_RequestContinuesAnUnloggedResponse_FindsThatToo()
    {
        var log = new RunLogBuilder().Begin().Connect()
            .Own(RunEventTypes.AttemptSent, new { attempt = 1, mode = "delta", previous_response_id = "resp_warm", transport = "websocket", endpoint = "https://api.example.com/v1", store = true })
            .Frame(Frames.Created("resp_1")).Frame(Frames.Completed("resp_1")).End();

        Assert.Equal([("resp_warm", true), ("resp_1", true)], Fold(log).Select(trace => (trace.ResponseId!, trace.Stored)));
    }

    [Fact]
    public void Apply_UnansweredStoredRequest_CannotBeProven()
    {
        var log = new RunLogBuilder().Begin().Connect();
        Send(log, store: true)
            .Own(RunEventTypes.AttemptSuperseded, new { response_id = (string?)null, reason = "silent", may_be_billed_twice = true })
            .Own(RunEventTypes.AttemptRetryScheduled, new { delay_ms = 1 });
        Send(log, store: true).Frame(Frames.Created("resp_2")).Frame(Frames.Completed("resp_2")).End();

        Assert.Equal([null, "resp_2"], Fold(log).Select(trace => trace.ResponseId));
    }

    [Fact]
    public void Apply_RefusedStoredRequest_LeavesNothing()
    {
        var log = new RunLogBuilder().Begin().Connect();
        Send(log, store: true).Own(RunEventTypes.AttemptRetryScheduled, new { delay_ms = 1 });
        Send(log, store: true).Frame("""{"type":"error","status":429,"error":{"code":"rate_limit_exceeded","message":"slow"}}""").End();

        Assert.Empty(Fold(log));
    }

    private static RunLogBuilder Send(RunLogBuilder log, bool store) => log.Own(
        RunEventTypes.AttemptSent,
        new { attempt = 1, mode = "full", previous_response_id = (string?)null, transport = "websocket", endpoint = "https://api.example.com/v1", store });

    private static IReadOnlyList<UpstreamResponse> Fold(RunLogBuilder log)
    {
        var traces = new StoredResponseFold();
        foreach (var runEvent in log.Events)
        {
            traces.Apply(runEvent);
        }

        return traces.Responses;
    }
}
