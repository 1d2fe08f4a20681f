using System.Collections.Immutable;
using System.Text.Json;
using Copilot.Demo.Upstream.Answering;
using Copilot.Demo.Upstream.Faults;
using Copilot.Demo.Upstream.Faults.Applied;
using Copilot.Demo.Upstream.Http;
using Copilot.Demo.Upstream.Network;
using Copilot.Demo.Upstream.Protocol;
using Copilot.Demo.Upstream.Storing;
namespace Copilot.Demo.Upstream.WebSockets;

/// <summary>
/// Answers the messages of one connection: sequential within a lane, lanes in parallel, up to a number of responses at a time (protocol
/// §1). Further requests wait silently. Errors are sent as events: the socket stays open.
/// </summary>
internal sealed partial class SocketRequests(
    SocketLine line,
    ConnectionAge age,
    Func<IReadOnlyDictionary<string, string>, NetworkLink?> linkOf,
    ResponseEngine engine,
    ConnectionLanes lanes,
    DemoFaults faults,
    TimeProvider time,
    ILogger logger) : IDisposable
{
    /// <summary>Maximum concurrent responses over all lanes.</summary>
    public const int MaxActive = 16;

    // More than any client queues; a reader that waits would not see the close.
    private const int MaxPending = 256;

    private readonly PromptCache _cache = new();
    private readonly Steering _steering = new();
    private readonly SemaphoreSlim _pending = new(MaxPending, MaxPending);
    private readonly SemaphoreSlim _active = new(MaxActive, MaxActive);
    private readonly Dictionary<string, Task> _tails = [];

    /// <summary>Accepts a message. It is answered when its lane reaches it.</summary>
    public async Task AcceptAsync(SocketMessage message, CancellationToken cancellationToken)
    {
        await _pending.WaitAsync(cancellationToken);
        string? streamId = null;
        var link = linkOf(ImmutableDictionary<string, string>.Empty);
        try
        {
            if (age.IsOver)
            {
                throw new RequestRejectedException(ApiError.ConnectionLimit());
            }

            var body = SocketMessageBody.Read(message);
            streamId = SocketMessageBody.StreamId(body);
            lanes.Name(streamId);
            link = linkOf(MetadataOf(body));
            var arrival = link?.RequestArrival(message.ReadAt, message.Bytes.Length + NetworkLink.FrameBytes, upgraded: true);
            if (body.Text("type") == SocketMessageBody.Steer)
            {
                // A steer message overtakes its lane's queue: it is for the response being generated.
                Run("\nsteer", token => SteerAsync(body, link, arrival, token), cancellationToken);
                return;
            }

            Run(streamId ?? string.Empty, token => InTurnAsync(body, streamId, link, arrival, token), cancellationToken);
        }
        catch (RequestRejectedException rejected)
        {
            // Only a rejected name is set here, and it gets no lane.
            var wire = new SocketWire(line, age, link, streamId: null);
            Run(streamId is null ? string.Empty : "\nrefused", token => wire.SendAsync(rejected.Error.ToSocketEvent(streamId), token), cancellationToken);
        }
    }

    /// <summary>Completes when every accepted message has been answered or cancelled.</summary>
    public Task CompleteAsync() => Task.WhenAll(_tails.Values);

    public void Dispose()
    {
        _pending.Dispose();
        _active.Dispose();
    }

    // The profile is needed before validation; an invalid request is rejected soon after.
    private static ImmutableDictionary<string, string> MetadataOf(JsonElement body) =>
        body.Member("metadata")?.Text(DemoNetwork.Key) is { } profile && NetworkProfile.Find(profile) is not null
            ? ImmutableDictionary<string, string>.Empty.Add(DemoNetwork.Key, profile)
            : ImmutableDictionary<string, string>.Empty;

    private void Run(string lane, Func<CancellationToken, Task> work, CancellationToken cancellationToken) =>
        _tails[lane] = AfterAsync(_tails.GetValueOrDefault(lane, Task.CompletedTask), work, cancellationToken);

    private async Task AfterAsync(Task before, Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        await before;
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            await work(cancellationToken);
        }
        catch (Exception exception) when (SocketConnection.IsLoss(exception))
        {
            // A cancelled generation ends quietly: the connection ends anyway.
            if (!cancellationToken.IsCancellationRequested)
            {
                line.End(SocketEnd.Lost);
            }
        }
#pragma warning disable CA1031 // A bug ends this connection with its own close code, not the process.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogFailed(logger, exception);
            line.End(SocketEnd.ServerFailed);
        }
        finally
        {
            _pending.Release();
        }
    }

    private async Task InTurnAsync(
        JsonElement body, string? streamId, NetworkLink? link, TimeSpan? arrival, CancellationToken cancellationToken)
    {
        await ArriveAsync(link, arrival, cancellationToken);
        await _active.WaitAsync(cancellationToken);
        try
        {
            await AnswerAsync(body, streamId, link, cancellationToken);
        }
        finally
        {
            _active.Release();
        }
    }

    private async Task AnswerAsync(JsonElement body, string? streamId, NetworkLink? link, CancellationToken cancellationToken)
    {
        var previousResponseId = body.Text("previous_response_id");
        try
        {
            if (age.IsOver)
            {
                throw new RequestRejectedException(ApiError.ConnectionLimit());
            }

            var request = CreateRequestReader.Read(body, RequestTransport.WebSocket);
            var parent = previousResponseId is null ? null : lanes.Find(previousResponseId);
            request = _steering.Prepend(request);
            var fault = faults.Next(DemoFaultStage.Response, RequestTransport.WebSocket, request.Fault, request.FaultScope);
            var wire = new SocketWire(line, age, link, streamId);
            using var making = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, age.Stopped);
            await RespondAsync(request, parent, fault, wire, streamId, making.Token);
        }
        catch (OperationCanceledException) when (age.Stopped.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // The connection has already reported its age limit.
        }
        catch (ResponseStoppedException)
        {
            Evict(streamId, previousResponseId);
        }
        catch (RequestRejectedException rejected)
        {
            Evict(streamId, previousResponseId);
            await new SocketWire(line, age, link, streamId: null).SendAsync(rejected.Error.ToSocketEvent(streamId), cancellationToken);
        }
    }

    // A steered response is followed by a successor.
    private async Task RespondAsync(
        CreateRequest request,
        StoredResponse? parent,
        FaultRequest? fault,
        SocketWire wire,
        string? streamId,
        CancellationToken cancellationToken)
    {
        while (true)
        {
            var steered = _steering.Begin(request, streamId);
            var prepared = engine.Prepare(request, parent, fault, steered);
            StoredResponse response;
            using (steered)
            {
                response = await engine.RunAsync(prepared, _cache, ResponseFaults.SinkOf(wire, fault, request, time), cancellationToken);
            }

            if (response.Json.Text("status") == "failed")
            {
                Evict(streamId, request.PreviousResponseId);
            }
            else
            {
                lanes.Remember(streamId, response);
            }

            if (await _steering.SuccessorAsync(steered, request, response, wire, cancellationToken) is not { } successor)
            {
                return;
            }

            (request, parent, fault) = (successor, response, null);
        }
    }

    private async Task SteerAsync(JsonElement body, NetworkLink? link, TimeSpan? arrival, CancellationToken cancellationToken)
    {
        await ArriveAsync(link, arrival, cancellationToken);
        await _steering.AcceptAsync(body, streamId => new SocketWire(line, age, link, streamId), cancellationToken);
    }

    private static Task ArriveAsync(NetworkLink? link, TimeSpan? arrival, CancellationToken cancellationToken) =>
        link is null ? Task.CompletedTask : link.UntilAsync(arrival!.Value, cancellationToken);

    private void Evict(string? streamId, string? previousResponseId)
    {
        if (previousResponseId is not null)
        {
            lanes.Evict(streamId, previousResponseId);
        }
    }

    [LoggerMessage(LogLevel.Error, "Demo connection failed")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
