using System.Net.WebSockets;
using System.Threading.Channels;

namespace Copilot.Web.DemoUpstream.Server;

/// <summary>
/// One socket: a loop that only reads, so that a close is seen in mid-response, and one that answers the requests in
/// the order they came. Whichever way it ends, generation stops first and the close frame goes out last.
/// </summary>
internal sealed partial class SocketConnection(
    WebSocket socket,
    ResponseEngine engine,
    ResponseStore store,
    TimeProvider time,
    ILogger<SocketConnection> logger)
{
    // More than any client queues; a reader that waits would not see the close.
    private const int MaxQueued = 256;

    private static readonly TimeSpan s_closePatience = TimeSpan.FromSeconds(5);

    private readonly SocketMessageReader _reader = new(socket);
    private readonly Channel<SocketMessage> _queue = Channel.CreateBounded<SocketMessage>(
        new BoundedChannelOptions(MaxQueued) { SingleReader = true, SingleWriter = true });

    /// <summary>Serves until the peer closes, the connection is lost, or the server stops.</summary>
    public async Task RunAsync(CancellationToken stopping, CancellationToken connectionLost)
    {
        using var generation = CancellationTokenSource.CreateLinkedTokenSource(connectionLost);
        var requests = new SocketRequests(socket, engine, new ConnectionLanes(store), connectionLost);
        var serving = ServeAsync(requests, generation.Token);
        var reading = ReadAsync(connectionLost);
        var end = SocketEnd.Lost;
        try
        {
            var first = await Task.WhenAny(reading, serving).WaitAsync(stopping);
            end = first == reading ? await reading : await serving;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            end = SocketEnd.ServerStops;
        }

        LogEnding(logger, end);
        _queue.Writer.TryComplete();
        await generation.CancelAsync();
        try
        {
            await CloseAsync(end, serving, reading).WaitAsync(s_closePatience, time, connectionLost);
        }
        catch (Exception exception) when (IsLoss(exception) || exception is TimeoutException)
        {
            socket.Abort();
        }

        // An aborted socket ends whatever still hangs on it.
        await Task.WhenAll(serving, reading);
    }

    private static bool IsLoss(Exception exception) =>
        exception is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException;

    private async Task CloseAsync(SocketEnd end, Task serving, Task reading)
    {
        // A send and a close must not overlap.
        await serving;
        switch (end)
        {
            case SocketEnd.PeerClosed:
                await socket.CloseOutputAsync(
                    socket.CloseStatus ?? WebSocketCloseStatus.Empty, socket.CloseStatusDescription, CancellationToken.None);
                break;
            case SocketEnd.TooBig:
                await socket.CloseOutputAsync(WebSocketCloseStatus.MessageTooBig, "message too big", CancellationToken.None);
                await _reader.DrainAsync(CancellationToken.None);
                break;
            case SocketEnd.ServerFailed:
                await socket.CloseOutputAsync(WebSocketCloseStatus.InternalServerError, "server error", CancellationToken.None);
                await reading;
                break;
            case SocketEnd.ServerStops:
                await socket.CloseOutputAsync(WebSocketCloseStatus.EndpointUnavailable, "server stopping", CancellationToken.None);
                await reading;
                break;
            default:
                socket.Abort();
                break;
        }
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
                        // After the end, what still comes is thrown away: only the peer's close matters.
                        if (await _queue.Writer.WaitToWriteAsync(connectionLost))
                        {
                            _queue.Writer.TryWrite(message);
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
                await requests.AnswerAsync(message, generation);
            }

            return SocketEnd.PeerClosed;
        }
        catch (Exception exception) when (IsLoss(exception))
        {
            return SocketEnd.Lost;
        }
#pragma warning disable CA1031 // A bug ends this connection with its own close code, not the process.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogFailed(logger, exception);
            return SocketEnd.ServerFailed;
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Demo connection ends: {End}")]
    private static partial void LogEnding(ILogger logger, SocketEnd end);

    [LoggerMessage(Level = LogLevel.Error, Message = "Demo connection failed")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}

/// <summary>Why a connection ends.</summary>
internal enum SocketEnd
{
    PeerClosed,
    TooBig,
    ServerStops,
    ServerFailed,
    Lost,
}
