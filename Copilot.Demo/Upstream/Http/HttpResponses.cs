using System.Text.Json;
using System.Text.Json.Nodes;
using Copilot.Demo.Upstream.Answering;
using Copilot.Demo.Upstream.Faults;
using Copilot.Demo.Upstream.Faults.Applied;
using Copilot.Demo.Upstream.Network;
using Copilot.Demo.Upstream.Protocol;
using Copilot.Demo.Upstream.Storing;
namespace Copilot.Demo.Upstream.Http;

/// <summary>Creates responses over HTTP, as one JSON object or as server-sent events (protocol §5).</summary>
internal sealed class HttpResponses(
    ResponseEngine engine,
    ResponseStore store,
    BackgroundResponses background,
    DemoFaults faults,
    DemoNetwork network,
    TimeProvider time,
    IHostApplicationLifetime lifetime)
{
    private readonly PromptCache _cache = new();

    public async Task<IResult> CreateAsync(HttpContext context)
    {
        context.Response.Headers["x-request-id"] = ApiIds.Request();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            var receivedAt = time.GetTimestamp();
            var body = await RequestBody.ReadAsync(context.Request, ending.Token);
            var request = CreateRequestReader.Read(body, RequestTransport.Http);
            await ArriveAsync(context, request, receivedAt, ending.Token);
            if (Fault(DemoFaultStage.Post, request) is { } refusing
                && refusing.Apply()
                && await PostFaults.RefuseAsync(context, refusing, ending.Token) is { } refusal)
            {
                return refusal;
            }

            var fault = Fault(DemoFaultStage.Response, request);
            var prepared = engine.Prepare(request, store.Parent(request.PreviousResponseId), fault, steered: null);
            await using var wire = new HttpWire(context, ShapedEndpoint.LinkOf(context), request.Stream);
            var sink = ResponseFaults.SinkOf(wire, fault, request, time);
            try
            {
                var response = request.Background
                    ? await BeginAsync(prepared, request.Stream ? sink : null, ending.Token)
                    : (await engine.RunAsync(prepared, _cache, sink, ending.Token)).Json;
                return request.Stream ? Results.Empty : Results.Text(response.GetRawText(), "application/json");
            }
            finally
            {
                // However the response ends, what it has sent arrives first.
                await wire.FlushAsync(ending.Token);
            }
        }
        catch (RequestRejectedException rejected)
        {
            foreach (var (name, value) in rejected.Error.Headers ?? [])
            {
                context.Response.Headers[name] = (string?)value;
            }

            return ResponsesEndpoints.ErrorResult(rejected.Error);
        }
        catch (ResponseStoppedException)
        {
            // A client that waits for the object gets none: the fault's output was only for a stream.
            return context.Response.HasStarted ? Results.Empty : ResponsesEndpoints.ErrorResult(ApiError.ServerError());
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The client has left or the server stops: a broken stream signals the missing rest.
            context.Abort();
            return Results.Empty;
        }
    }

    /// <summary>The events of a response of the background after a number, and those that are still to come.</summary>
    public async Task<IResult> ReplayAsync(HttpContext context, string id, long startingAfter, bool obfuscate)
    {
        if (background.Find(id) is not { } response)
        {
            return ResponsesEndpoints.ErrorResult(store.Find(id) is null
                ? ApiError.ResponseNotFound(id)
                : ApiError.Invalid("Only a response of the background can be streamed again.", "stream", null));
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            await using var wire = new HttpWire(context, ShapedEndpoint.LinkOf(context), stream: true);
            await response.FollowAsync(startingAfter, obfuscate ? wire : new PlainSink(wire), ending.Token);
            await wire.FlushAsync(ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            context.Abort();
        }

        return Results.Empty;
    }

    // The client may leave: the response is still generated.
    private async Task<JsonElement> BeginAsync(PreparedResponse prepared, IEventSink? sink, CancellationToken cancellationToken)
    {
        var response = await background.StartAsync(prepared, _cache, cancellationToken);
        if (sink is not null)
        {
            await response.FollowAsync(startingAfter: -1, sink, cancellationToken);
        }

        return response.AsBegun;
    }

    // The link requested in the metadata is known only now; any other has already delivered the request.
    private async Task ArriveAsync(HttpContext context, CreateRequest request, long receivedAt, CancellationToken cancellationToken)
    {
        var own = ShapedEndpoint.LinkOf(context);
        if (network.LinkOf(context, own, request.Metadata) is { } link && link != own)
        {
            ShapedEndpoint.Use(context, link);
            var bytes = RequestSize.OfHead(context.Request) + (int)(context.Request.ContentLength ?? 0);
            await link.UntilAsync(link.RequestArrival(receivedAt, bytes, upgraded: false), cancellationToken);
        }
    }

    private FaultRequest? Fault(DemoFaultStage place, CreateRequest request) =>
        faults.Next(place, RequestTransport.Http, request.Fault, request.FaultScope);

    /// <summary>Leaves out the padding of the deltas.</summary>
    private sealed class PlainSink(IEventSink inner) : IEventSink
    {
        public Task SendAsync(JsonObject responseEvent, CancellationToken cancellationToken)
        {
            responseEvent.Remove("obfuscation");
            return inner.SendAsync(responseEvent, cancellationToken);
        }
    }
}
