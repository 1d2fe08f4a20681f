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
/// Answers the messages of one connection: those of a lane one after the other, lanes beside each other, so many responses at
/// a time (protocol §1). What comes on top waits, without a word. An error stays in the band: the socket stays open.
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
    /// <summary>Responses that are made at the same time, over all lanes.</summary>
    public const int MaxActive = 16;

    // More than any client queues; a reader that waits would not see the close.
    private const int MaxPending = 256;

    private readonly PromptCache _cache = new();
    private readonly Steering _steering = new();
    private readonly SemaphoreSlim _pending = new(MaxPending, MaxPending);
    private readonly SemaphoreSlim _active = new(MaxActive, MaxActive);
    private readonly Dictionary<string, Task> _tails = [];

    /// <summary>Takes a message in. Its answer comes when its lane gets to it.</summary>
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
                // A steer overtakes what waits in its lane: it is for the response that is being made.
                Run("\nsteer", token => SteerAsync(body, link, arrival, token), cancellationToken);
                return;
            }

            Run(streamId ?? string.Empty, token => InTurnAsync(body, streamId, link, arrival, token), cancellationToken);
        }
        catch (RequestRejectedException rejected)
        {
            // Only a name too many has a name here, and it gets no lane.
            var wire = new SocketWire(line, age, link, streamId: null);
            Run(streamId is null ? string.Empty : "\nrefused", token => wire.SendAsync(rejected.Error.ToSocketEvent(streamId), token), cancellationToken);
        }
    }

    /// <summary>Ends when every message that was taken in has been answered or given up.</summary>
    public Task CompleteAsync() => Task.WhenAll(_tails.Values);

    public void Dispose()
    {
        _pending.Dispose();
        _active.Dispose();
    }

    // The profile is wanted before the request is valid; one that is not is refused soon after.
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
            // One whose generation was cancelled ends quietly: the connection ends anyway.
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
            if (request.Fault is { } asked && faults.ArmUpgrade(asked, request.FaultScope))
            {
                line.End(SocketEnd.Close(1012, "service restart"));
                await FaultScene.StayAsync(cancellationToken);
            }

            var parent = previousResponseId is null ? null : lanes.Find(previousResponseId);
            request = _steering.Prepend(request);
            var fault = faults.Next(DemoFaultStage.Response, RequestTransport.WebSocket, request.Fault, request.FaultScope);
            var wire = new SocketWire(line, age, link, streamId);
            using var making = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, age.Stopped);
            await RespondAsync(request, parent, fault, wire, streamId, making.Token);
        }
        catch (OperationCanceledException) when (age.Stopped.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // The connection has said itself that it is too old.
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

    // With the words that steered it, a response is followed by another one on its own.
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
