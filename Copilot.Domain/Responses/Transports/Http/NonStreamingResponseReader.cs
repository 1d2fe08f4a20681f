using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Events.Output;

namespace Copilot.Domain.Responses.Transports.Http;

/// <summary>Reads the answer of an upstream that does not stream: one response object, which becomes its terminal event.</summary>
/// <remarks>Only what calls itself a response, or has an <c>output</c>, is one: another API's answer is no success of this one's.</remarks>
internal static class NonStreamingResponseReader
{
    /// <summary>Creates the terminal event for a response document, or the error event for an error document.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> document, [NotNullWhen(true)] out ResponseEvent? last)
    {
        last = null;
        if (!ResponseEventParser.TryParse(document, out var parsed))
        {
            return false;
        }

        var span = document.Span;
        if (parsed is ResponseErrorEvent)
        {
            last = parsed;
        }

        var isResponse = JsonMembers.Find(span, "object"u8).Text(span) == "response"
            || JsonMembers.Find(span, "output"u8).Kind is JsonTokenType.StartArray;
        if (!isResponse || parsed is not (UnknownResponseEvent or ResponseErrorEvent))
        {
            return last is not null;
        }

        var type = JsonMembers.Find(span, "status"u8).Text(span) switch
        {
            null or "completed" => "response.completed",
            "incomplete" => "response.incomplete",
            "failed" => "response.failed",
            "cancelled" => "response.cancelled",
            _ => null,
        };
        return type is not null && ResponseEventParser.TryParse(Wrap(type, span), out last);
    }

    private static byte[] Wrap(string type, ReadOnlySpan<byte> response) =>
        [.. Encoding.UTF8.GetBytes($"{{\"type\":\"{type}\",\"response\":"), .. response, (byte)'}'];
}
