using System.Text;
using System.Text.Json;
using Copilot.Domain.Runs.Events;

namespace Copilot.Web.Runs.Personal;

/// <summary>
/// An event as a line of JSON with all that its hash is made of, so that the chain can be checked elsewhere. Its data is a text, byte for
/// byte as it came; <c>data_base64</c> where it is no UTF-8, and neither where it was erased.
/// </summary>
internal static class EventLine
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The line with its end.</summary>
    public static byte[] Of(RunEvent one)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("run_id", one.RunId);
            json.WriteNumber("seq", one.Seq);
            json.WriteNumber("at", RunTime.ToMicroseconds(one.At));
            json.WriteString("source", one.Source.ToWire());
            if (one.Actor is { } actor)
            {
                json.WriteStartObject("actor");
                json.WriteString("id", actor.Id);
                json.WriteString("role", actor.Role);
                json.WriteEndObject();
            }
            else
            {
                json.WriteNull("actor");
            }

            json.WriteString("type", one.Type);
            json.WriteString("response_id", one.ResponseId);
            json.WriteString("call_id", one.CallId);
            WriteData(json, one);
            if (one.IsErased)
            {
                json.WriteNull("salt");
            }
            else
            {
                json.WriteBase64String("salt", one.Salt.Span);
            }

            json.WriteBase64String("digest", one.PayloadDigest.Span);
            json.WriteBase64String("hash", one.Hash.Span);
            json.WriteEndObject();
        }

        bytes.WriteByte((byte)'\n');
        return bytes.ToArray();
    }

    private static void WriteData(Utf8JsonWriter json, RunEvent one)
    {
        if (one.IsErased)
        {
            return;
        }

        try
        {
            json.WriteString("data", s_strict.GetString(one.Data.Span));
        }
        catch (DecoderFallbackException)
        {
            json.WriteBase64String("data_base64", one.Data.Span);
        }
    }
}
