using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace Copilot.Domain.Responses.Events;

/// <summary>Reads the answer of an upstream that does not stream: one response object, which becomes its terminal event.</summary>
internal static class NonStreamingResponseReader
{
    /// <summary>Creates the terminal event for a response document, or the error event for an error document.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> document, [NotNullWhen(true)] out ResponseEvent? last)
    {
        last = null;
        if (!ResponseEventParser.TryParse(document, out _))
        {
            return false;
        }

        var span = document.Span;
        JsonRange id = default, status = default, error = default;
        var reader = new Utf8JsonReader(span);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isId = reader.ValueTextEquals("id"u8);
            var isStatus = reader.ValueTextEquals("status"u8);
            var isError = reader.ValueTextEquals("error"u8);
            reader.Read();
            var slice = JsonRange.Read(ref reader);
            id = isId ? slice : id;
            status = isStatus ? slice : status;
            error = isError ? slice : error;
        }

        if (!id.HasValue)
        {
            return error.HasValue && ResponseEventParser.TryParse(Wrap("error", "error", error.Of(span)), out last);
        }

        var type = status.Text(span) switch
        {
            null or "completed" => "response.completed",
            "incomplete" => "response.incomplete",
            "failed" => "response.failed",
            "cancelled" => "response.cancelled",
            _ => null,
        };
        return type is not null && ResponseEventParser.TryParse(Wrap(type, "response", span), out last);
    }

    private static byte[] Wrap(string type, string member, ReadOnlySpan<byte> value) =>
        [.. Encoding.UTF8.GetBytes($"{{\"type\":\"{type}\",\"{member}\":"), .. value, (byte)'}'];
}
