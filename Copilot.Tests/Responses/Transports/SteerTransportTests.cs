using System.Text.Json;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Responses.Transports;
using Copilot.Tests.Responses.Connecting;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Responses.Transports;

/// <summary>What a socket carries when its response is steered.</summary>
public sealed class SteerTransportTests() : SocketLegScene(options => options.Steering = SteeringChoice.On)
{
    private const string Accepted = """{"type":"response.steer.accepted","steer":{"id":"steer_1","previous_response_id":"resp_1"}}""";

    [Fact]
    public async Task TrySteer_NothingFollowsTheSteeredResponse_EndsItAndAsksForAnotherSocket()
    {
        var (transport, socket) = await OpenAsync();
        var reading = ReadSteeredAsync(transport);
        await socket.ReceiveAsync();
        await socket.SendAsync(ShortFrames.Created("resp_1"));
        await socket.ReceiveAsync();
        Assert.False(transport.ShouldRotate);
        await socket.SendAsync(Accepted, ShortFrames.Completed("resp_1"));
        await _clock.WhenTimersArmedAsync(1).Soon("the clock of the successor");
        _clock.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal(["response.created", "response.steer.accepted", "response.completed"], (await reading.Soon("the response ends")).Select(e => e.Type));
        Assert.True(transport.ShouldRotate);
        await transport.DisposeAsync();
        Assert.Equal(1000, await socket.ClosedByClient);
    }

    [Fact]
    public async Task TrySteer_SuccessorFollows_IsCarriedToItsEndAndTheSocketIsFreeAgain()
    {
        var (transport, socket) = await OpenAsync();
        var reading = ReadSteeredAsync(transport);
        await socket.ReceiveAsync();
        await socket.SendAsync(ShortFrames.Created("resp_1"));
        var frame = JsonDocument.Parse(await socket.ReceiveAsync()).RootElement;
        await socket.SendAsync(Accepted, ShortFrames.Completed("resp_1"), ShortFrames.Created("resp_2"), ShortFrames.Delta("Hi"), ShortFrames.Completed("resp_2"));
        var events = await reading.Soon("the successor ends");
        var after = UpstreamLeg.CollectAsync(transport, "again");
        await socket.ReceiveAsync();
        await socket.SendAsync(ShortFrames.Created("resp_3"), ShortFrames.Completed("resp_3"));

        Assert.Equal("""{"type":"response.steer","previous_response_id":"resp_1","input":"Short, \"please\"."}""", frame.GetRawText());
        Assert.Equal(6, events.Count);
        Assert.Equal(2, (await after).Count);
        Assert.False(transport.ShouldRotate);
        await transport.DisposeAsync();
    }

    [Fact]
    public async Task TrySteer_NoResponseOrAnother_SendsNothing()
    {
        var (transport, socket) = await OpenAsync();
        Assert.False(transport.CanSteer);
        Assert.False(await transport.TrySteerAsync(new SteerRequest("resp_1", "x"), CancellationToken.None));

        var reading = UpstreamLeg.CollectAsync(transport, "hello");
        await socket.ReceiveAsync();
        Assert.False(await transport.TrySteerAsync(new SteerRequest("resp_1", "x"), CancellationToken.None));
        await socket.SendAsync(ShortFrames.Created("resp_1"), ShortFrames.Completed("resp_1"));
        await reading;

        Assert.False(await transport.TrySteerAsync(new SteerRequest("resp_1", "x"), CancellationToken.None));
        Assert.Equal(0, socket.Waiting);
        await transport.DisposeAsync();
    }

    [Theory]
    [InlineData(SteeringChoice.Auto, "gpt-6", true)]
    [InlineData(SteeringChoice.Auto, "gpt-6.1-mini", true)]
    [InlineData(SteeringChoice.Auto, "my-model", true)]
    [InlineData(SteeringChoice.Auto, "gpt-5.6", false)]
    [InlineData(SteeringChoice.Auto, "o3-mini", false)]
    [InlineData(SteeringChoice.On, "gpt-5.6", true)]
    [InlineData(SteeringChoice.Off, "gpt-6", false)]
    public void MaySteer_Family_IsTriedWhereItMaySucceed(SteeringChoice choice, string model, bool expected) =>
        Assert.Equal(expected, new SteeringSupport().MaySteer(choice, new Uri("https://a.example/v1"), model));

    [Fact]
    public void MaySteer_Refused_IsRememberedForThatUpstreamAndModel()
    {
        var support = new SteeringSupport();
        support.Refused(new Uri("https://a.example/v1"), "my-model");

        Assert.False(support.MaySteer(SteeringChoice.Auto, new Uri("https://a.example/v1"), "my-model"));
        Assert.True(support.MaySteer(SteeringChoice.Auto, new Uri("https://b.example/v1"), "my-model"));
        Assert.True(support.MaySteer(SteeringChoice.Auto, new Uri("https://a.example/v1"), "another"));
        Assert.True(support.MaySteer(SteeringChoice.On, new Uri("https://a.example/v1"), "my-model"));
    }

    private async Task<(IResponsesTransport Transport, ScriptedSocket Socket)> OpenAsync() =>
        (await ConnectAsync(), await _upstream.NextSocketAsync());

    /// <summary>Reads a response to its end, and steers it once its first event has come.</summary>
    private static async Task<List<ResponseEvent>> ReadSteeredAsync(IResponsesTransport transport)
    {
        var events = new List<ResponseEvent>();
        await foreach (var received in transport.CreateResponseAsync(UpstreamLeg.Request(transport, "hello"), CancellationToken.None))
        {
            events.Add(received);
            if (events.Count == 1)
            {
                Assert.True(transport.CanSteer);
                Assert.True(await transport.TrySteerAsync(new SteerRequest("resp_1", "Short, \"please\"."), CancellationToken.None));
            }
        }

        return events;
    }
}
