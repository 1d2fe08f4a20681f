using System.Collections.Immutable;
using System.Net.WebSockets;
using System.Threading.Channels;
using Copilot.Demo.Upstream.Answering;
using Copilot.Demo.Upstream.Faults;
using Copilot.Demo.Upstream.Network;
using Copilot.Demo.Upstream.Protocol;
using Copilot.Demo.Upstream.Storing;
namespace Copilot.Demo.Upstream.WebSockets;

/// <summary>
/// One socket: a loop that only reads, so that a close is seen in mid-response, and one that handles the requests. However it ends,
/// generation stops first and the close frame goes out last.
/// </summary>
internal sealed partial class SocketConnection(
    WebSocket socket,
    SocketLine line,
    Func<IReadOnlyDictionary<string, string>, NetworkLink?> linkOf,
    ResponseEngine engine,
    ResponseStore store,
    DemoFaults faults,
    DemoUpstreamOptions options,
    TimeProvider time,
    ILogger<SocketConnection> logger)
{
    // More than any client queues; a reader that waits would not see the close.
    private const int MaxQueued = 256;

    private static readonly TimeSpan s_closeTimeout = TimeSpan.FromSeconds(5);

    private readonly SocketMessageReader _reader = new(socket);
    private readonly Channel<SocketMessage> _queue = Channel.CreateBounded<SocketMessage>(
        new BoundedChannelOptions(MaxQueued) { SingleReader = true, SingleWriter = true });

    /// <summary>Serves until the peer closes, the connection is lost or asked to end, or the server stops.</summary>
    /// <param name="silent">Only reads and answers pings.</param>
    /// <param name="stopping">The server stops.</param>
    /// <param name="connectionLost">The TCP connection is lost.</param>
    public async Task<SocketEnd> RunAsync(bool silent, CancellationToken stopping, CancellationToken connectionLost)
    {
        using var generation = CancellationTokenSource.CreateLinkedTokenSource(connectionLost);
        using var age = new ConnectionAge();
        using var requests = new SocketRequests(line, age, linkOf, engine, new ConnectionLanes(store), faults, time, logger);
        var aging = AgeAsync(age, generation.Token);
        var serving = silent ? WaitAsync(generation.Token) : ServeAsync(requests, generation.Token);
        var reading = ReadAsync(connectionLost);
        SocketEnd end;
        try
        {
            end = await (await Task.WhenAny(line.EndRequested, reading, serving).WaitAsync(stopping));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            end = line.IsDead ? SocketEnd.Lost : SocketEnd.ServerStops;
        }

        LogEnding(logger, end);
        _queue.Writer.TryComplete();
        await generation.CancelAsync();
        try
        {
            await CloseAsync(end, Task.WhenAll(serving, aging), reading).WaitAsync(s_closeTimeout, time, connectionLost);
        }
        catch (Exception exception) when (IsLoss(exception) || exception is TimeoutException)
        {
            socket.Abort();
        }

        // An aborted socket ends all pending operations.
        await Task.WhenAll(serving, aging, reading);
        return end;
    }

    internal static bool IsLoss(Exception exception) =>
        exception is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException;

    private async Task CloseAsync(SocketEnd end, Task serving, Task reading)
    {
        // A send and a close must not overlap.
        await serving;
        switch (end.Kind)
        {
            case SocketEndKind.PeerClosed:
                // A close does not wait for running responses.
                await socket.CloseOutputAsync(
                    socket.CloseStatus ?? WebSocketCloseStatus.Empty, socket.CloseStatusDescription, CancellationToken.None);
                break;
            case SocketEndKind.TooBig:
                await line.CloseAsync(end.Code, end.Reason, CancellationToken.None);
                await _reader.DrainAsync(CancellationToken.None);
                break;
            case SocketEndKind.Close:
                await line.CloseAsync(end.Code, end.Reason, CancellationToken.None);
                await reading;
                break;
            case SocketEndKind.Reset or SocketEndKind.Hangup:
                // Disposing the stream ends the TCP connection: in order, or with a reset where the caller has asked for it.
                await line.FlushAsync(CancellationToken.None);
                socket.Abort();
                break;
            default:
                socket.Abort();
                break;
        }
    }

    private static async Task<SocketEnd> WaitAsync(CancellationToken generation)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, generation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return SocketEnd.Lost;
    }

    private async Task<SocketEnd> ReadAsync(CancellationToken connectionLost)
    {
        try
        {
            while (true)
            {
                var message = await _reader.ReadAsync(connectionLost);
                switch (message.Kind)
                {
                    case SocketMessageKind.Close:
                        return SocketEnd.PeerClosed;
                    case SocketMessageKind.TooBig:
                        return SocketEnd.TooBig;
                    default:
                        // After the end, further messages are discarded: only the peer's close matters.
                        if (await _queue.Writer.WaitToWriteAsync(connectionLost))
                        {
                            _queue.Writer.TryWrite(message with { ReadAt = time.GetTimestamp() });
                        }

                        break;
                }
            }
        }
        catch (Exception exception) when (IsLoss(exception))
        {
            return SocketEnd.Lost;
        }
    }

    private async Task<SocketEnd> ServeAsync(SocketRequests requests, CancellationToken generation)
    {
        try
        {
            await foreach (var message in _queue.Reader.ReadAllAsync(generation))
            {
                await requests.AcceptAsync(message, generation);
            }
        }
        catch (OperationCanceledException)
        {
            // The connection ends: accepted requests are completed below.
        }

        await requests.CompleteAsync();
        return SocketEnd.Lost;
    }

    private async Task AgeAsync(ConnectionAge age, CancellationToken generation)
    {
        if (options.MaxConnectionAge is not { } most)
        {
            return;
        }

        try
        {
            await Task.Delay(most, time, generation);
            await age.StopAsync();
            await line.SendAsync(
                JsonText.WriteBytes(ApiError.ConnectionLimit().ToSocketEvent(streamId: null)),
                WebSocketMessageType.Text,
                linkOf(ImmutableDictionary<string, string>.Empty),
                generation);
            if (options.ClosesAtMaxAge)
            {
                line.End(SocketEnd.Close(1000, "connection limit reached"));
            }
        }
        catch (Exception exception) when (IsLoss(exception))
        {
            // It ended before reaching its maximum age.
        }
    }

    [LoggerMessage(LogLevel.Debug, "Demo connection ends: {End}")]
    private static partial void LogEnding(ILogger logger, SocketEnd end);
}
