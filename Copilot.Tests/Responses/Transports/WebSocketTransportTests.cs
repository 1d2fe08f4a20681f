using System.Text.Json;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Transports;
using Copilot.Tests.Responses.Connecting;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Responses.Transports;

public sealed class WebSocketTransportTests : WebSocketTransportScene
{
    [Fact]
    public async Task CreateResponse_Success_StreamsToTheTerminalEventAndClosesWith1000()
    {
        var (transport, socket) = await ConnectAsync(_ => { });
        var events = CollectAsync(transport, "hello");
        var frame = JsonDocument.Parse(await socket.ReceiveAsync()).RootElement;
        await socket.SendAsync(ShortFrames.Created("resp_1"), ShortFrames.Delta("Hi"), ShortFrames.Completed("resp_1"));

        Assert.Equal(["response.created", "response.output_text.delta", "response.completed"], (await events).Select(e => e.Type));
        Assert.Equal("response.create", frame.GetProperty("type").GetString());
        Assert.False(frame.TryGetProperty("stream", out _));
        Assert.Equal("Bearer " + UpstreamLeg.Key, socket.Request.Headers.Authorization);
        Assert.StartsWith("Copilot/", socket.Request.Headers.UserAgent.ToString(), StringComparison.Ordinal);
        Assert.False(transport.Ended.IsCompleted);

        await transport.DisposeAsync();
        Assert.Equal(1000, await socket.ClosedByClient);
        Assert.Equal(new TransportEnd(TransportEndReason.Closed, 1000, null), await transport.Ended);
    }

    [Fact]
    public async Task CreateResponse_ErrorInBand_EndsTheResponseNotTheSocket()
    {
        var (transport, socket) = await ConnectAsync(_ => { });
        var refused = CollectAsync(transport, "one");
        await socket.ReceiveAsync();
        await socket.SendAsync(ShortFrames.NotFound);
        var error = Assert.IsType<ResponseErrorEvent>(Assert.Single(await refused));
        Assert.Equal("previous_response_not_found", error.Error.Code);

        var answered = CollectAsync(transport, "two");
        await socket.ReceiveAsync();
        await socket.SendAsync(ShortFrames.Created("resp_2"), ShortFrames.Completed("resp_2"));
        Assert.Equal(2, (await answered).Count);

        await transport.DisposeAsync();
        Assert.Equal(1000, await socket.ClosedByClient);
    }

    [Fact]
    public async Task CreateResponse_FailureReportedTwice_DoesNotEndTheNextResponse()
    {
        var (transport, socket) = await ConnectAsync(_ => { });
        var first = CollectAsync(transport, "one");
        await socket.ReceiveAsync();
        await socket.SendAsync(ShortFrames.Created("resp_1"), """{"type":"error","code":"server_error","message":"It broke.","sequence_number":2}""");
        Assert.Equal(2, (await first).Count);

        var second = CollectAsync(transport, "two");
        await socket.ReceiveAsync();
        await socket.SendAsync(ShortFrames.Failed("resp_1"), ShortFrames.Created("resp_2"), ShortFrames.Completed("resp_2"));
        Assert.Equal(["response.created", "response.completed"], (await second).Select(e => e.Type));
        await transport.DisposeAsync();
    }

    [Fact]
    public async Task CreateResponse_WhileOneIsInFlight_Throws()
    {
        var (transport, socket) = await ConnectAsync(_ => { });
        var first = CollectAsync(transport, "one");
        await socket.ReceiveAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => CollectAsync(transport, "two"));
        await socket.SendAsync(ShortFrames.Completed("resp_1"));
        Assert.Single(await first);
        Assert.Equal(0, socket.Waiting);
        await transport.DisposeAsync();
    }

    [Fact]
    public async Task CreateResponse_FromInsideTheTerminalEvent_IsAllowed()
    {
        var (transport, socket) = await ConnectAsync(_ => { });
        var reader = transport.CreateResponseAsync(UpstreamLeg.Request(transport, "one"), CancellationToken.None).GetAsyncEnumerator();
        var terminal = reader.MoveNextAsync().AsTask();
        await socket.ReceiveAsync();
        await socket.SendAsync(ShortFrames.Completed("resp_1"));
        Assert.True(await terminal);

        var second = CollectAsync(transport, "two");
        await socket.ReceiveAsync();
        await reader.DisposeAsync();
        await socket.SendAsync(ShortFrames.Completed("resp_2"));
        Assert.Single(await second);
        await transport.DisposeAsync();
    }

    [Fact]
    public async Task CreateResponse_Binary_IsAProtocolError()
    {
        var error = await BreakAsync(socket => socket.SendBinaryAsync([1, 2, 3]), _ => { });
        Assert.Equal(TransportFailure.Protocol, error.Failure);
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("[1,2]")]
    [InlineData("{\"type\":\"response.created\"")]
    public async Task CreateResponse_TextThatIsNoEvent_IsAProtocolError(string text)
    {
        var error = await BreakAsync(socket => socket.SendAsync(text), _ => { });
        Assert.Equal(TransportFailure.Protocol, error.Failure);
    }

    [Fact]
    public async Task CreateResponse_EventOverTheCap_IsTooLarge()
    {
        var error = await BreakAsync(socket => socket.SendAsync(ShortFrames.Delta(new string('x', 40_000))), options => options.MaxEventBytes = 32_768);
        Assert.Equal(TransportFailure.TooLarge, error.Failure);
    }

    [Fact]
    public async Task CreateResponse_LargeFragmentedEvent_ArrivesWhole()
    {
        var (transport, socket) = await ConnectAsync(_ => { });
        var events = CollectAsync(transport, "hello");
        await socket.ReceiveAsync();
        var json = ShortFrames.Delta(new string('x', 300_000));
        await socket.SendFragmentsAsync(json[..10], json[10..200_000], json[200_000..]);
        await socket.SendAsync("[DONE]", ShortFrames.Completed("resp_1"));
        Assert.Equal(300_000, Assert.IsType<TextDeltaEvent>((await events)[0]).Delta.Length);
        Assert.Equal(json, System.Text.Encoding.UTF8.GetString((await events)[0].Json.Span));
        Assert.Equal(2, (await events).Count);
        await transport.DisposeAsync();
    }

    [Fact]
    public async Task CreateResponse_RequestOverTheCap_IsTooLargeAndNotSent()
    {
        var (transport, socket) = await ConnectAsync(options => options.MaxRequestBytes = 1000);
        var error = await Assert.ThrowsAsync<TransportException>(() => CollectAsync(transport, new string('x', 2000)));
        Assert.Equal(TransportFailure.TooLarge, error.Failure);
        Assert.False(error.MayHaveBeenSent);

        var small = CollectAsync(transport, "small");
        await socket.ReceiveAsync();
        await socket.SendAsync(ShortFrames.Completed("resp_1"));
        Assert.Single(await small);
        await transport.DisposeAsync();
    }

    [Fact]
    public async Task CreateResponse_NoFirstEvent_TimesOutAndClosesWith1000()
    {
        var (transport, socket) = await ConnectAsync(options => options.FirstEventTimeout = TimeSpan.FromMilliseconds(100));
        var error = await Assert.ThrowsAsync<TransportException>(() => CollectAsync(transport, "hello").Soon("the first event's clock"));
        Assert.Equal(TransportFailure.FirstEventTimeout, error.Failure);
        Assert.True(error.MayHaveBeenSent);
        await transport.DisposeAsync();
        Assert.Equal(1000, await socket.ClosedByClient);
    }

    private async Task<TransportException> BreakAsync(Func<ScriptedSocket, Task> breaking, Action<UpstreamOptions> configure)
    {
        var (transport, socket) = await ConnectAsync(configure);
        var reading = CollectAsync(transport, "hello");
        await socket.ReceiveAsync();
        await breaking(socket);
        var error = await Assert.ThrowsAsync<TransportException>(() => reading.Soon("the reader learns of it"));
        Assert.Equal(TransportEndReason.Faulted, (await transport.Ended.Soon("the end")).Reason);
        Assert.True(error.MayHaveBeenSent);
        await transport.DisposeAsync();
        return error;
    }
}
