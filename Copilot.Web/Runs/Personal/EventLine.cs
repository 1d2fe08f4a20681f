using System.Text.Json;
using Copilot.Domain.Runs.Events;

namespace Copilot.Web.Runs.Personal;

/// <summary>
/// An event as a line of JSON with all that its hash is made of, so that the chain can be checked elsewhere. Its data is a text, byte for
/// byte as it came; <c>data_base64</c> where it is no UTF-8, and neither where it was erased.
/// </summary>
internal static class EventLine
{
    /// <summary>The line with its end.</summary>
    public static byte[] Of(RunEvent one)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            RecordedEventJson.WriteMembers(json, one);
            if (one.IsErased)
            {
                json.WriteNull("salt");
            }
            else
            {
                RecordedEventJson.WriteData(json, one);
                json.WriteBase64String("salt", one.Salt.Span);
            }

            json.WriteBase64String("digest", one.PayloadDigest.Span);
            json.WriteBase64String("hash", one.Hash.Span);
            json.WriteEndObject();
        }

        bytes.WriteByte((byte)'\n');
        return bytes.ToArray();
    }
}
