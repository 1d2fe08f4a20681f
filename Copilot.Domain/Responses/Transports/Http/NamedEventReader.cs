using System.Diagnostics.CodeAnalysis;
using System.Text;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Events.Output;

namespace Copilot.Domain.Responses.Transports.Http;

/// <summary>
/// Reads a record of server-sent events with its name (<c>event: response.completed</c>). OpenAI says the type in the data as well; some
/// servers say it in the name alone, and some send an error's words under the name <c>error</c> and without any JSON.
/// </summary>
internal static class NamedEventReader
{
    private const string Error = "error";

    /// <summary>The event; false where data and name together are none.</summary>
    /// <param name="data">The record's data.</param>
    /// <param name="name">Its name, or null.</param>
    /// <param name="parsed">The event.</param>
    public static bool TryParse(ReadOnlyMemory<byte> data, string? name, [NotNullWhen(true)] out ResponseEvent? parsed)
    {
        if (ResponseEventParser.TryParse(data, out parsed))
        {
            return parsed is not UnknownResponseEvent { Type: "" }
                || name is null
                || EventTypes.Find(Encoding.UTF8.GetBytes(name)) is null
                || ResponseEventParser.TryParse(JsonMembers.Set(parsed.Json, "type"u8, JsonMembers.Quote(name)), out parsed);
        }

        return name == Error && ResponseEventParser.TryParse(
            JsonMembers.Set("""{"type":"error"}"""u8.ToArray(), "message"u8, JsonMembers.Quote(Encoding.UTF8.GetString(data.Span))), out parsed);
    }
}
