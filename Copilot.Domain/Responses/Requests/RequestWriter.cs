using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Copilot.Domain.Responses.Events;

namespace Copilot.Domain.Responses.Requests;

/// <summary>Writes a request as UTF-8 JSON for its transport.</summary>
/// <remarks>
/// WebSocket: one flat object with <c>type: response.create</c>, <c>generate: false</c> for a warm-up and no <c>stream</c>.
/// HTTP: <c>stream: true</c>, without <c>type</c> and <c>generate</c>, and <c>previous_response_id</c> only where the upstream stores.
/// </remarks>
internal static class RequestWriter
{
    // "]}"
    private const int FrameEnd = 2;

    private static readonly byte[] s_socketOpening = """{"type":"response.create","""u8.ToArray();
    private static readonly byte[] s_httpOpening = """{"stream":true,"""u8.ToArray();
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a request but for its input.</summary>
    /// <param name="request">The request.</param>
    /// <param name="kind">What will carry it.</param>
    /// <param name="settings">Its settings as <see cref="WriteSettings(ResponseSettings)"/> writes them; they are not written again.</param>
    public static PreparedRequest Prepare(ResponseRequest request, TransportKind kind, ReadOnlyMemory<byte> settings) =>
        new(request, kind, kind == TransportKind.WebSocket ? s_socketOpening : s_httpOpening, settings[1..^1], WriteRest(request, kind));

    /// <summary>The frame that steers a response.</summary>
    public static ReadOnlyMemory<byte> WriteSteer(SteerRequest request)
    {
        var buffer = new ArrayBufferWriter<byte>(128 + request.Text.Length);
        using (var writer = new Utf8JsonWriter(buffer, s_options))
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, "response.steer"u8);
            writer.WriteString("previous_response_id"u8, request.PreviousResponseId);
            writer.WriteString("input"u8, request.Text);
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    /// <summary>The body of a compaction request: written as it goes out, with the files it carries.</summary>
    public static RequestContent WriteCompact(ResponseSettings settings, IReadOnlyList<InputItem> items)
    {
        var frame = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(frame, s_options))
        {
            writer.WriteStartObject();
            writer.WriteString("model"u8, settings.Model);
            if (settings.Instructions is { } instructions)
            {
                writer.WriteString("instructions"u8, instructions);
            }

            if (settings.PromptCacheKey is { } cacheKey)
            {
                writer.WriteString("prompt_cache_key"u8, cacheKey);
            }

            writer.WriteStartArray("input"u8);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        var (head, end) = (frame.WrittenMemory[..^FrameEnd], frame.WrittenMemory[^FrameEnd..]);
        return new RequestContent(() => InputPieces.Of(items).Prepend(head).Append(end), frame.WrittenCount + InputPieces.LengthOf(items));
    }

    /// <summary>Everything of a request that a continuation must not change, as an object.</summary>
    public static ReadOnlyMemory<byte> WriteSettings(ResponseSettings settings)
    {
        var buffer = new ArrayBufferWriter<byte>(512 + settings.Tools.Length + settings.Text.Length + (settings.Instructions?.Length ?? 0));
        using (var writer = new Utf8JsonWriter(buffer, s_options))
        {
            writer.WriteStartObject();
            WriteSettings(writer, settings);
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    /// <summary>What follows the settings, up to the first input item: <c>,"input":[</c>, and before it what only this request has.</summary>
    private static ReadOnlyMemory<byte> WriteRest(ResponseRequest request, TransportKind kind)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        using var writer = new Utf8JsonWriter(buffer, s_options);
        writer.WriteStartObject();
        if (request.PreviousResponseId is { } previous && (kind == TransportKind.WebSocket || request.Settings.Store))
        {
            writer.WriteString("previous_response_id"u8, previous);
        }

        if (request.WarmUp && kind == TransportKind.WebSocket)
        {
            writer.WriteBoolean("generate"u8, false);
        }

        writer.WriteStartArray("input"u8);
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();

        // An object of its own goes on as the end of another.
        byte[] rest = [(byte)',', .. buffer.WrittenSpan[1..^FrameEnd]];
        return rest;
    }

    private static void WriteSettings(Utf8JsonWriter writer, ResponseSettings settings)
    {
        writer.WriteString("model"u8, settings.Model);
        writer.WriteBoolean("store"u8, settings.Store);
        if (settings.Instructions is { } instructions)
        {
            writer.WriteString("instructions"u8, instructions);
        }

        if (!settings.Tools.IsEmpty)
        {
            writer.WritePropertyName("tools"u8);
            writer.WriteRawValue(settings.Tools.Span);
            if (settings.ParallelToolCalls is { } parallel)
            {
                writer.WriteBoolean("parallel_tool_calls"u8, parallel);
            }
        }

        var reasoning = !settings.Store && settings.IncludesReasoning;
        if (reasoning || settings.Include.Count > 0)
        {
            writer.WriteStartArray("include"u8);
            if (reasoning)
            {
                // Nothing is stored upstream, so reasoning can only be sent back in its encrypted form.
                writer.WriteStringValue("reasoning.encrypted_content"u8);
            }

            foreach (var include in settings.Include)
            {
                writer.WriteStringValue(include);
            }

            writer.WriteEndArray();
        }

        if (settings.ReasoningEffort is not null || settings.ReasoningSummary is not null)
        {
            writer.WriteStartObject("reasoning"u8);
            if (settings.ReasoningEffort is { } effort)
            {
                writer.WriteString("effort"u8, effort);
            }

            if (settings.ReasoningSummary is { } summary)
            {
                writer.WriteString("summary"u8, summary);
            }

            writer.WriteEndObject();
        }

        if (settings.MaxOutputTokens is { } limit)
        {
            writer.WriteNumber("max_output_tokens"u8, limit);
        }

        if (settings.CompactThreshold is { } threshold)
        {
            writer.WriteStartArray("context_management"u8);
            writer.WriteStartObject();
            writer.WriteString("type"u8, "compaction"u8);
            writer.WriteNumber("compact_threshold"u8, threshold);
            writer.WriteEndObject();
            writer.WriteEndArray();
        }

        if (settings.PromptCacheKey is { } cacheKey)
        {
            writer.WriteString("prompt_cache_key"u8, cacheKey);
        }

        if (!settings.Text.IsEmpty)
        {
            writer.WritePropertyName("text"u8);
            writer.WriteRawValue(settings.Text.Span);
        }

        if (settings.Metadata.Count > 0)
        {
            writer.WriteStartObject("metadata"u8);
            foreach (var (key, value) in settings.Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                writer.WriteString(key, value);
            }

            writer.WriteEndObject();
        }
    }
}
