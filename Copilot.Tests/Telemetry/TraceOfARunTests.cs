using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Telemetry;
using Copilot.Tests.Runs.Actor;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Telemetry;

/// <summary>Which trace a run is of, whether or not anybody exports it.</summary>
public sealed class TraceOfARunTests : RunScene
{
    [Theory]
    [InlineData(TransportChoice.WebSocket)]
    [InlineData(TransportChoice.Http)]
    public async Task Run_BelowACaller_SaysItsTraceToTheUpstream(TransportChoice transport)
    {
        var caller = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded, isRemote: true);
        _host = await RunHost.StartAsync(_upstream.BaseUrl, transport);
        var outcome = await _host.Runs.StartAsync(RunHost.Request("Hello", "ses_1") with { Trace = caller }, CancellationToken.None);
        var run = Assert.IsType<StartOutcome.Started>(outcome).Run;
        RequestHead request;
        if (transport is TransportChoice.Http)
        {
            var post = await _upstream.NextPostAsync();
            request = post.Request;
            await post.SendAsync(Frames.Answer("resp_1", "Hello."));
            post.End();
        }
        else
        {
            var socket = await _upstream.NextSocketAsync();
            request = socket.Request;
            await socket.ReceiveAsync();
            await socket.SendAsync(Frames.Answer("resp_1", "Hello."));
        }

        var events = await _host.RestAsync(run.RunId);

        var sent = TraceParent.Read(request.Headers["traceparent"].ToString());
        Assert.Equal(caller.TraceId, sent?.TraceId);
        Assert.NotEqual(caller.SpanId, sent?.SpanId);
        Assert.Equal(caller.TraceId.ToHexString(), run.TraceId);
        Assert.Equal(run.TraceId, TraceParent.TraceIdOf(Assert.IsType<RunCreated>(events[0].Payload).TraceParent));
    }

    [Fact]
    public async Task Run_AfterARestart_GoesOnInItsTrace()
    {
        _host = await RunHost.StartAsync(_upstream.BaseUrl);
        var run = await _host.StartRunAsync("Where is the pump?");
        var first = await _upstream.NextSocketAsync();
        await first.ReceiveAsync();
        await first.SendAsync(Frames.Created("resp_1"));
        await _host.SeeAsync(run.RunId, "response.created");

        await _host.RestartAsync();
        await _host.Runs.ResumeAsync(await _host.Runs.RecoverAsync(CancellationToken.None), CancellationToken.None);
        var second = await _upstream.NextSocketAsync();
        await second.ReceiveAsync();
        await second.SendAsync(Frames.Answer("resp_2", "In Leeds."));
        await _host.RestAsync(run.RunId, "run.completed");

        Assert.NotNull(run.TraceId);
        Assert.Equal(run.TraceId, TraceParent.TraceIdOf(first.Request.Headers["traceparent"]));
        Assert.Equal(run.TraceId, TraceParent.TraceIdOf(second.Request.Headers["traceparent"]));
        Assert.NotEqual(first.Request.Headers["traceparent"].ToString(), second.Request.Headers["traceparent"].ToString());
    }

    [Fact]
    public async Task Run_CallsAToolThatDoesNotExist_IsCountedWithoutItsName()
    {
        var counted = new ConcurrentQueue<string?>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, meters) =>
            {
                if (instrument.Name == "gen_ai.client.operation.duration")
                {
                    meters.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) => counted.Enqueue(tags.ToArray().FirstOrDefault(tag => tag.Key == GenAi.ToolName).Value as string));
        listener.Start();
        _host = await RunHost.StartAsync(_upstream.BaseUrl);
        var run = await _host.StartRunAsync("Where is the pump?");
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Calls("resp_1", ("call_1", "made_up_by_the_model")));
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Answer("resp_2", "In Leeds."));
        await _host.RestAsync(run.RunId, "run.completed");

        Assert.Contains(GenAi.Other, counted);
        Assert.DoesNotContain("made_up_by_the_model", counted);
    }
}
