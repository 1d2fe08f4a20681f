using System.Text.Json;
using System.Text.RegularExpressions;
using Copilot.Demo.Upstream.Protocol;

namespace Copilot.Demo.Upstream.WebSockets;

/// <summary>Reads what every message has: its JSON, its type and its lane.</summary>
internal static partial class SocketMessageBody
{
    public const string Create = "response.create";
    public const string Steer = "response.steer";

    /// <summary>The body of a message of a known type.</summary>
    /// <exception cref="RequestRejectedException">It is not one.</exception>
    public static JsonElement Read(SocketMessage message)
    {
        if (message.Kind == SocketMessageKind.Binary)
        {
            throw Invalid("Only text messages are accepted.", param: null);
        }

        JsonElement body;
        try
        {
            using var document = JsonDocument.Parse(message.Bytes, JsonText.Received);
            body = document.RootElement.Clone();
        }
        catch (JsonException)
        {
            throw Invalid("The message could not be parsed as JSON.", param: null);
        }

        if (body.ValueKind != JsonValueKind.Object)
        {
            throw Invalid("The message must be a JSON object.", param: null);
        }

        return body.Text("type") switch
        {
            Create or Steer => body,
            null => throw Invalid("Missing required parameter: 'type'.", "type"),
            var type => throw Invalid($"Invalid value: '{type}'. Supported values are: '{Create}' and '{Steer}'.", "type"),
        };
    }

    /// <summary>The name of the request's lane, or null for the default one.</summary>
    /// <exception cref="RequestRejectedException">No lane can have that name.</exception>
    public static string? StreamId(JsonElement body)
    {
        if (!body.TryGetProperty("stream_id", out var member) || member.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (member.ValueKind == JsonValueKind.String && StreamIdPattern().IsMatch(member.GetString()!))
        {
            return member.GetString();
        }

        throw new RequestRejectedException(ApiError.Invalid(
            "The 'stream_id' field must be a non-empty string with at most 256 characters and may only contain letters, numbers, underscores, hyphens, and periods.",
            "stream_id",
            "invalid_stream_id"));
    }

    private static RequestRejectedException Invalid(string message, string? param) =>
        new(ApiError.Invalid(message, param, code: null));

    [GeneratedRegex(@"\A[A-Za-z0-9_.-]{1,256}\z")]
    private static partial Regex StreamIdPattern();
}
