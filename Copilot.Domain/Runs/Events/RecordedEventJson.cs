using System.Text;
using System.Text.Json;

namespace Copilot.Domain.Runs.Events;

/// <summary>Parts of an event as JSON, from which its hash can be computed elsewhere.</summary>
public static class RecordedEventJson
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Writes all of it but its data, salt and hashes. Its time is in microseconds (UTC).</summary>
    public static void WriteMembers(Utf8JsonWriter json, RunEvent runEvent)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(runEvent);
        json.WriteString("run_id", runEvent.RunId);
        json.WriteNumber("seq", runEvent.Seq);
        json.WriteNumber("at", RunTime.ToMicroseconds(runEvent.At));
        json.WriteString("source", runEvent.Source.ToWire());
        WriteActor(json, runEvent.Actor);
        json.WriteString("type", runEvent.Type);
        json.WriteString("response_id", runEvent.ResponseId);
        json.WriteString("call_id", runEvent.CallId);
    }

    /// <summary>Writes who was behind it, or null.</summary>
    public static void WriteActor(Utf8JsonWriter json, EventActor? actor)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (actor is null)
        {
            json.WriteNull("actor");
            return;
        }

        json.WriteStartObject("actor");
        json.WriteString("id", actor.Id);
        json.WriteString("role", actor.Role);
        json.WriteEndObject();
    }

    /// <summary>Writes its data as a text, byte for byte as it came, or as <c>data_base64</c> where it is no UTF-8.</summary>
    public static void WriteData(Utf8JsonWriter json, RunEvent runEvent)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(runEvent);
        try
        {
            json.WriteString("data", s_strict.GetString(runEvent.Data.Span));
        }
        catch (DecoderFallbackException)
        {
            json.WriteBase64String("data_base64", runEvent.Data.Span);
        }
    }
}
