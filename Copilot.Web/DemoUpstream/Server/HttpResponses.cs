using System.Text.Json;
using Copilot.Web.DemoUpstream.Faults;
using Copilot.Web.DemoUpstream.Network;
using Copilot.Web.DemoUpstream.Server.Faults;

namespace Copilot.Web.DemoUpstream.Server;

/// <summary>Creates responses over HTTP, as one JSON object or as server-sent events (protocol §5).</summary>
internal sealed class HttpResponses(
    ResponseEngine engine,
    ResponseStore store,
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
            var body = await ReadBodyAsync(context.Request, ending.Token);
            var request = CreateRequestReader.Read(body, RequestTransport.Http);
            await ArriveAsync(context, request, receivedAt, ending.Token);
            if (Fault(DemoFaultPlace.Post, request) is { } refusing
                && refusing.Strike()
                && await PostFaults.RefuseAsync(context, refusing, ending.Token) is { } refusal)
            {
                return refusal;
            }

            var fault = Fault(DemoFaultPlace.Response, request);
            var prepared = engine.Prepare(request, ParentOf(request), fault);
            await using var wire = new HttpWire(context, ShapedEndpoint.LinkOf(context), request.Stream);
            StoredResponse response;
            try
            {
                response = await engine.RunAsync(
                    prepared, _cache, ResponseFaults.SinkOf(wire, fault, request, time), ending.Token);
            }
            finally
            {
                // However the response ends, what it has said arrives first.
                await wire.FlushAsync(ending.Token);
            }

            return request.Stream ? Results.Empty : Results.Text(response.Json.GetRawText(), "application/json");
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
            // A client that waits for the object gets none: what the fault said was only for a stream.
            return context.Response.HasStarted ? Results.Empty : ResponsesEndpoints.ErrorResult(ApiError.ServerError());
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The client has gone or the server goes: nobody reads the rest, and a torn stream says so.
            context.Abort();
            return Results.Empty;
        }
    }

    // The link that the metadata orders is known only now; any other has let the request arrive before.
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

    private FaultOrder? Fault(DemoFaultPlace place, CreateRequest request) =>
        faults.Next(place, RequestTransport.Http, request.Fault, request.FaultScope);

    private StoredResponse? ParentOf(CreateRequest request) =>
        request.PreviousResponseId is not { } id
            ? null
            : store.Find(id) ?? throw new RequestRejectedException(ApiError.PreviousResponseNotFound(id));

    private static async Task<JsonElement> ReadBodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(request.Body, default, cancellationToken);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document.RootElement.Clone();
            }
        }
        catch (BadHttpRequestException exception)
        {
            throw new RequestRejectedException(new ApiError(
                exception.StatusCode, "invalid_request_error", null, "The body of the request could not be read.", null));
        }
        catch (JsonException)
        {
            // Told below, like a body that is JSON but no object.
        }

        throw new RequestRejectedException(ApiError.Invalid(
            "We could not parse the JSON body of your request. The API expects a JSON object.", null, null));
    }
}
