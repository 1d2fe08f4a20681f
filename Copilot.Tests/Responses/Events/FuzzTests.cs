using System.Globalization;
using System.Net.WebSockets;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Failures;
using Copilot.Domain.Responses.Transports;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Timeline;
using Copilot.Domain.Timeline.State;
using Copilot.Tests.Responses.Connecting;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Runs;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Responses.Events;

/// <summary>
/// Spoiled frames never crash or hang anything, and every response ends. 10,000 mutations with a fixed seed; more with the
/// environment variable <c>COPILOT_FUZZ</c> (a number of mutations).
/// </summary>
public sealed class FuzzTests : IAsyncLifetime
{
    private const int Seed = 20261123;
    private const int PerResponse = 10;

    private static readonly int s_mutations =
        int.TryParse(Environment.GetEnvironmentVariable("COPILOT_FUZZ"), CultureInfo.InvariantCulture, out var asked) ? asked : 10_000;

    private ScriptedUpstream _upstream = null!;

    public async ValueTask InitializeAsync() => _upstream = await ScriptedUpstream.StartAsync();

    public async ValueTask DisposeAsync() => await _upstream.DisposeAsync();

    [Fact]
    public void Parse_SpoiledFrames_NeverThrows()
    {
        var mutator = new FrameMutator(Seed, Recorded());
        var events = 0;
        for (var i = 0; i < s_mutations; i++)
        {
            var frame = mutator.Next();
            try
            {
                if (!ResponseEventParser.IsFiller(frame) && ResponseEventParser.TryParse(frame, out var parsed))
                {
                    events++;
                    Assert.NotNull(parsed.Type);
                    if (parsed.IsTerminal && UpstreamFailure.Of(parsed) is { } fault)
                    {
                        Assert.NotNull(FailurePolicy.Decide(fault, Context(), new UpstreamOptions()));
                    }
                }
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Mutation {i}: {Convert.ToBase64String(frame)}", exception);
            }
        }

        // Neither all refused nor all taken: the mutations say something.
        Assert.InRange(events, s_mutations / 4, s_mutations * 9 / 10);
    }

    [Fact]
    public void Fold_SpoiledFrames_NeverThrows()
    {
        var mutator = new FrameMutator(Seed, Recorded());
        var log = new RunLogBuilder().Begin().Connect().Send(1, null);
        var state = TimelineState.Empty;
        var folded = 0;
        for (var i = 0; i < s_mutations; i++)
        {
            var frame = mutator.Next();
            if (!ResponseEventParser.TryParse(frame, out var parsed))
            {
                continue;
            }

            // A run has one response after the other; a new log now and then keeps the timelines short.
            if (folded++ % 200 == 0)
            {
                log = new RunLogBuilder().Begin().Connect().Send(1, null);
                state = TimelineReducer.Apply(TimelineState.Empty, log.Events);
            }

            var next = log.Raw(EventSource.Upstream, parsed.Type, frame, callId: null, actor: null).Events[^1];
            try
            {
                state = TimelineReducer.Apply(state, next);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Mutation {i}: {Convert.ToBase64String(frame)}", exception);
            }
        }

        Assert.NotEqual(TimelineState.Empty, state);
    }

    [Fact]
    public async Task CreateResponse_SpoiledFramesOnSockets_AlwaysEnds()
    {
        var mutator = new FrameMutator(Seed, Recorded());
        var random = new Random(Seed);
        await using var leg = UpstreamLeg.To(_upstream.BaseUrl, options =>
        {
            options.Transport = TransportChoice.WebSocket;
            options.MaxConnectsPerSecond = int.MaxValue;
        });
        IResponsesTransport? transport = null;
        ScriptedSocket? socket = null;
        var (ended, broken) = (0, 0);
        for (var sent = 0; sent < s_mutations; sent += PerResponse)
        {
            if (transport is null || socket is null)
            {
                transport = await leg.ConnectAsync(CancellationToken.None).Soon("the socket opens");
                socket = await _upstream.NextSocketAsync();
            }

            var reading = OutcomeAsync(transport);
            var asked = socket.ReceiveAsync();
            try
            {
                // A late frame of the response before may have ended the socket meanwhile.
                if (await Task.WhenAny(reading, asked) == asked && asked.IsCompletedSuccessfully)
                {
                    for (var i = 0; i < PerResponse; i++)
                    {
                        await socket.SendBytesAsync(mutator.Next());
                    }

                    await EndAsync(socket, random.Next(10));
                }
            }
            catch (Exception exception) when (exception is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
            {
                // The client has had enough and said so below.
                broken++;
            }

            var failure = await reading.Soon($"the response with mutation {sent} ends");
            ended += failure is null ? 1 : 0;
            if (failure is not null || transport.Ended.IsCompleted)
            {
                await transport.DisposeAsync();
                (transport, socket) = (null, null);
            }
        }

        if (transport is not null)
        {
            await transport.DisposeAsync();
        }

        Assert.True(ended > 0 && ended < s_mutations / PerResponse, $"{ended} responses had a last event, {broken} sends failed.");
    }

    [Fact]
    public async Task CreateResponse_SpoiledRecordsOverHttp_AlwaysEnds()
    {
        var mutator = new FrameMutator(Seed, Recorded());
        var random = new Random(Seed);
        await using var leg = UpstreamLeg.To(_upstream.BaseUrl, options => options.Transport = TransportChoice.Http);
        await using var transport = await leg.ConnectAsync(CancellationToken.None);
        var ended = 0;
        for (var sent = 0; sent < s_mutations; sent += PerResponse)
        {
            var reading = OutcomeAsync(transport);
            var post = await _upstream.NextPostAsync();
            try
            {
                for (var i = 0; i < PerResponse; i++)
                {
                    await post.SendBytesAsync(mutator.Next());
                }

                if (random.Next(2) == 0)
                {
                    await post.SendAsync(ShortFrames.Completed("resp_1"));
                }
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException or InvalidOperationException)
            {
                // The client has left early, which is one of the ways to end.
                Assert.NotNull(exception.Message);
            }
            finally
            {
                post.End();
            }

            ended += await reading.Soon($"the response with mutation {sent} ends") is null ? 1 : 0;
        }

        Assert.InRange(ended, 1, (s_mutations / PerResponse) - 1);
    }

    /// <summary>Reads a response to its end: null after its last event, else why there is none. Anything else is a bug and thrown.</summary>
    private static async Task<TransportException?> OutcomeAsync(IResponsesTransport transport)
    {
        var last = false;
        try
        {
            await foreach (var received in transport.CreateResponseAsync(UpstreamLeg.Request(transport, "hello"), CancellationToken.None))
            {
                Assert.False(last);
                last = received.IsTerminal;
            }
        }
        catch (TransportException exception)
        {
            return exception;
        }

        Assert.True(last);
        return null;
    }

    private static async Task EndAsync(ScriptedSocket socket, int way)
    {
        switch (way)
        {
            case 0:
                socket.Cut();
                break;
            case 1:
                await socket.CloseAsync(1011, "spoiled");
                break;
            default:
                await socket.SendAsync(ShortFrames.Completed("resp_1"));
                break;
        }
    }

    private static FailureContext Context() =>
        new() { Kind = TransportKind.WebSocket, Choice = TransportChoice.Auto, Attempt = 1, Backoff = TimeSpan.Zero };

    private static string[] Recorded()
    {
        using var stream = typeof(FuzzTests).Assembly.GetManifestResourceStream("Copilot.Tests.Responses.Recordings.booking.jsonl")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
