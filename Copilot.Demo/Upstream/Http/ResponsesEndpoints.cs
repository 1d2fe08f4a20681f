using Copilot.Demo.Upstream.Model.Hosted;
using Copilot.Demo.Upstream.Network;
using Copilot.Demo.Upstream.Protocol;
using Copilot.Demo.Upstream.Storing;
using Copilot.Demo.Upstream.WebSockets;
using Microsoft.AspNetCore.Mvc;

namespace Copilot.Demo.Upstream.Http;

/// <summary>The routes of the API. All of them require a Bearer key; any non-empty one works.</summary>
internal static class ResponsesEndpoints
{
    // As the real one: images and files travel inside the request.
    private const long MaxBodyBytes = 512 * 1024 * 1024;

    private const string Scheme = "Bearer ";

    public static void Map(RouteGroupBuilder group)
    {
        group.AddEndpointFilter(async (invocation, next) => HasKey(invocation.HttpContext.Request)
            ? await next(invocation)
            : ErrorResult(ApiError.MissingKey()));
        group.AddEndpointFilter<RouteGroupBuilder, ShapedEndpoint>();
        group.AddEndpointFilter<RouteGroupBuilder, ErrorsAsJson>();
        group.WithMetadata(new RequestSizeLimitAttribute(MaxBodyBytes));

        group.MapMethods("/responses", [HttpMethods.Get, HttpMethods.Connect], AcceptSocketAsync);
        group.MapPost("/responses", (HttpContext context, HttpResponses responses) => responses.CreateAsync(context));
        group.MapPost("/responses/compact", (HttpContext context, InputTools tools) => tools.CompactAsync(context));
        group.MapPost("/responses/input_tokens", (HttpContext context, InputTools tools) => tools.CountAsync(context));
        group.MapGet(
            "/responses/{id}",
            (string id, HttpContext context, HttpResponses responses, StoredResponses stored) =>
                context.Request.Query.Flag("stream") is true
                    ? responses.ReplayAsync(
                        context, id, context.Request.Query.Whole("starting_after") ?? -1, context.Request.Query.Flag("include_obfuscation") ?? true)
                    : Task.FromResult(stored.Get(id)));
        group.MapDelete("/responses/{id}", (string id, StoredResponses stored) => stored.DeleteAsync(id));
        group.MapPost("/responses/{id}/cancel", (string id, StoredResponses stored) => stored.Cancel(id));
        group.MapGet(
            "/responses/{id}/input_items",
            (string id, HttpContext context, StoredResponses stored) => stored.InputItems(
                id,
                context.Request.Query.Whole("limit") ?? StoredResponses.DefaultLimit,
                context.Request.Query.Text("order") ?? "desc",
                context.Request.Query.Text("after")));
        group.MapGet(
            "/containers/{container}/files/{file}/content",
            (string container, string file) => InterpreterChart.Find(container, file) is { } chart
                ? Results.Bytes(chart, "application/octet-stream")
                : ErrorResult(ApiError.ContainerFileNotFound(file)));
        group.MapGet("/models", DemoModels.List);
        group.MapGet("/models/{id}", DemoModels.Get);
        UnknownPaths.Map(group);
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
