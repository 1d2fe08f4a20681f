using Copilot.Web.DemoUpstream.Network;

namespace Copilot.Web.DemoUpstream.Server;

/// <summary>The routes of the API. Every one of them wants a Bearer key, any but the empty one.</summary>
internal static class ResponsesEndpoints
{
    private const string Scheme = "Bearer ";

    public static void Map(RouteGroupBuilder group)
    {
        group.AddEndpointFilter(async (invocation, next) => HasKey(invocation.HttpContext.Request)
            ? await next(invocation)
            : ErrorResult(ApiError.MissingKey()));
        group.AddEndpointFilter<RouteGroupBuilder, ShapedEndpoint>();

        group.MapMethods("/responses", [HttpMethods.Get, HttpMethods.Connect], AcceptSocketAsync);
        group.MapPost("/responses", (HttpContext context, HttpResponses responses) => responses.CreateAsync(context));
        group.MapGet("/responses/{id}", (string id, StoredResponses stored) => stored.Get(id));
        group.MapDelete("/responses/{id}", (string id, StoredResponses stored) => stored.Delete(id));
        group.MapGet(
            "/responses/{id}/input_items",
            (string id, int? limit, string? order, string? after, StoredResponses stored) =>
                stored.InputItems(id, limit ?? StoredResponses.DefaultLimit, order ?? "desc", after));
    }

    public static IResult ErrorResult(ApiError error) =>
        Results.Text(JsonText.Write(error.ToHttpBody()), "application/json", statusCode: error.Status);

    private static bool HasKey(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && !string.IsNullOrWhiteSpace(header[Scheme.Length..]);
    }

    private static async Task<IResult> AcceptSocketAsync(HttpContext context, WebSocketResponses responses)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.Headers.Upgrade = "websocket";
            return ErrorResult(new ApiError(
                StatusCodes.Status426UpgradeRequired,
                "invalid_request_error",
                null,
                "This path answers a WebSocket upgrade, or a POST.",
                null));
        }

        return await responses.ServeAsync(context);
    }
}
