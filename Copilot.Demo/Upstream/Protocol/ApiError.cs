using System.Text.Json.Nodes;

namespace Copilot.Demo.Upstream.Protocol;

/// <summary>One error of the API, as sent over either transport.</summary>
internal sealed record ApiError(int Status, string Type, string? Code, string Message, string? Param)
{
    /// <summary>Headers with the time to wait, or null. Over WebSocket they are inside the error.</summary>
    public JsonObject? Headers { get; init; }

    /// <summary>Over WebSocket the headers are beside the error instead of inside: both have been observed.</summary>
    public bool HeadersOutside { get; init; }

    public static ApiError Invalid(string message, string? param, string? code) =>
        new(StatusCodes.Status400BadRequest, "invalid_request_error", code, message, param);

    public static ApiError PreviousResponseNotFound(string id) =>
        Invalid($"Previous response with id '{id}' not found.", "previous_response_id", "previous_response_not_found");

    public static ApiError ResponseNotFound(string id) =>
        new(StatusCodes.Status404NotFound, "invalid_request_error", null, $"Response with id '{id}' not found.", null);

    public static ApiError ContainerFileNotFound(string id) =>
        new(StatusCodes.Status404NotFound, "invalid_request_error", null, $"Container file with id '{id}' not found.", null);

    public static ApiError ItemNotFound(string id) =>
        new(
            StatusCodes.Status404NotFound,
            "invalid_request_error",
            null,
            $"Item with id '{id}' not found. Items are not persisted when `store` is set to false. Try again with `store` set to true, or remove this item from your input.",
            "input");

    public static ApiError ModelNotFound(string id) =>
        new(StatusCodes.Status404NotFound, "invalid_request_error", "model_not_found", $"The model '{id}' does not exist or you do not have access to it.", "model");

    public static ApiError NoConversations(string? param) =>
        new(
            StatusCodes.Status404NotFound,
            "invalid_request_error",
            null,
            "The demo upstream has no Conversations API. Continue with 'previous_response_id', or send the whole conversation as 'input'.",
            param);

    public static ApiError UnknownUrl(string method, string path) =>
        new(StatusCodes.Status404NotFound, "invalid_request_error", "unknown_url", $"Unknown request URL: {method} {path}. Please check the URL for typos.", null);

    public static ApiError MethodNotAllowed(string method, string path) =>
        new(
            StatusCodes.Status405MethodNotAllowed,
            "invalid_request_error",
            "method_not_supported",
            $"Not allowed to {method} on {path}. (HINT: Perhaps you meant to use a different HTTP method?)",
            null);

    public static ApiError MissingKey() =>
        new(
            StatusCodes.Status401Unauthorized,
            "invalid_request_error",
            "invalid_api_key",
            "You didn't provide an API key. Provide it in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
            null);

    public static ApiError ServerError() =>
        new(
            StatusCodes.Status500InternalServerError,
            "server_error",
            "server_error",
            "The server had an error while processing your request.",
            null);

    public static ApiError ConnectionLimit() =>
        Invalid(
            "Responses websocket connection limit reached (60 minutes). Create a new websocket connection to continue.",
            null,
            "websocket_connection_limit_reached");

    public static ApiError StreamLimit(int names) =>
        Invalid(
            $"This WebSocket connection has reached its maximum number of distinct stream IDs ({names}). Reuse an existing stream_id or open a new WebSocket connection.",
            "stream_id",
            "websocket_stream_limit_reached");

    /// <summary>The body of an HTTP error.</summary>
    public JsonObject ToHttpBody() => new()
    {
        ["error"] = new JsonObject
        {
            ["message"] = Message,
            ["type"] = Type,
            ["param"] = Param,
            ["code"] = Code,
        },
    };

    /// <summary>The event of WebSocket mode, with the lane where the request named one.</summary>
    public JsonObject ToSocketEvent(string? streamId)
    {
        var envelope = new JsonObject { ["type"] = "error", ["status"] = Status };
        if (streamId is not null)
        {
            envelope["stream_id"] = streamId;
        }

        envelope["error"] = ToInnerJson();
        if (Headers is not null)
        {
            var holder = HeadersOutside ? envelope : envelope["error"]!.AsObject();
            holder["headers"] = Headers.DeepClone();
        }

        return envelope;
    }

    /// <summary>The error itself, without its envelope.</summary>
    public JsonObject ToInnerJson() => new()
    {
        ["type"] = Type,
        ["code"] = Code,
        ["message"] = Message,
        ["param"] = Param,
    };
}
