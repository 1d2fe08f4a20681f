using System.Text.Json;

namespace Copilot.Web.DemoUpstream.Server;

/// <summary>Creates responses over HTTP, as one JSON object or as server-sent events (protocol §5).</summary>
internal sealed class HttpResponses(ResponseEngine engine, ResponseStore store, IHostApplicationLifetime lifetime)
{
    private readonly PromptCache _cache = new();

    public async Task<IResult> CreateAsync(HttpContext context)
    {
        context.Response.Headers["x-request-id"] = ApiIds.Request();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            var body = await ReadBodyAsync(context.Request, ending.Token);
            var request = CreateRequestReader.Read(body, RequestTransport.Http);
            var prepared = engine.Prepare(request, ParentOf(request));
            if (request.Stream)
            {
                context.Response.ContentType = "text/event-stream; charset=utf-8";
                context.Response.Headers.CacheControl = "no-cache";
                await engine.RunAsync(prepared, _cache, new SseSink(context.Response), ending.Token);
                return Results.Empty;
            }

            var response = await engine.RunAsync(prepared, _cache, new SilentSink(), ending.Token);
            return Results.Text(response.Json.GetRawText(), "application/json");
        }
        catch (RequestRejectedException rejected)
        {
            return ResponsesEndpoints.ErrorResult(rejected.Error);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The client has gone or the server goes: nobody reads the rest, and a torn stream says so.
            context.Abort();
            return Results.Empty;
        }
    }

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
