using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Copilot.Domain.Responses.Events;

/// <summary>Reads one server event of the Responses API, from either transport.</summary>
/// <remarks>
/// One pass without a document tree; the strings of known types are shared. Missing fields are tolerated, unknown types become
/// <see cref="UnknownResponseEvent"/>, bytes that are no UTF-8 the sign for an unreadable character. The event references the given
/// memory, so the caller must not reuse it.
/// </remarks>
public static class ResponseEventParser
{
    /// <summary>The last item id seen on this thread: deltas come in long rows that all name the same item.</summary>
    [ThreadStatic]
    private static string? s_lastItemId;

    /// <summary>Parses one event.</summary>
    /// <exception cref="FormatException">The bytes are not one JSON object.</exception>
    public static ResponseEvent Parse(ReadOnlyMemory<byte> utf8Json) =>
        TryParse(utf8Json, out var parsed) ? parsed : throw new FormatException("An event of the upstream was not a JSON object.");

    /// <summary>Parses one event; false when the bytes are not one JSON object.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> utf8Json, [NotNullWhen(true)] out ResponseEvent? parsed)
    {
        utf8Json = JsonHalves.ReplaceBroken(utf8Json);
        var fields = default(Fields);
        if (fields.Read(utf8Json.Span))
        {
            parsed = Build(utf8Json, in fields);
            return true;
        }

        parsed = null;
        return false;
    }

    /// <summary>True for stream content that is not an event: nothing at all, or the <c>[DONE]</c> mark of the SSE world.</summary>
    public static bool IsFiller(ReadOnlySpan<byte> frame)
    {
        var text = frame.Trim(" \t\r\n"u8);
        return text.IsEmpty || text.SequenceEqual("[DONE]"u8);
    }

    private static ResponseEvent Build(ReadOnlyMemory<byte> json, in Fields f)
    {
        var span = json.Span;
        var known = f.Type.Kind == JsonTokenType.String ? EventTypes.Find(f.Type.Of(span)[1..^1]) : null;
        var sequence = f.Sequence.Number(span);
        var stream = f.StreamId.Text(span);

        // A flat error of a proxy may have no type at all.
        if (known is null && !f.Type.HasValue && (f.Error.HasValue || f.Detail.HasValue))
        {
            known = EventTypes.Find("error"u8);
        }

        switch (known?.Shape)
        {
            case EventShape.TextDelta:
                return new TextDeltaEvent
                {
                    Type = known.Type,
                    SequenceNumber = sequence,
                    StreamId = stream,
                    Json = json,
                    Kind = known.Kind,
                    ItemId = ItemId(f.ItemId, span),
                    OutputIndex = f.OutputIndex.Index(span),
                    PartIndex = f.PartIndex.Index(span),
                    Delta = (f.Delta.HasValue ? f.Delta : f.Text).Text(span) ?? "",
                };

            case EventShape.TextDone:
                return new TextDoneEvent
                {
                    Type = known.Type,
                    SequenceNumber = sequence,
                    StreamId = stream,
                    Json = json,
                    Kind = known.Kind,
                    ItemId = ItemId(f.ItemId, span),
                    OutputIndex = f.OutputIndex.Index(span),
                    PartIndex = f.PartIndex.Index(span),
                    Text = f.Text.Text(span) ?? "",
                };

            case EventShape.Lifecycle:
                return new ResponseLifecycleEvent
                {
                    Type = known.Type,
                    SequenceNumber = sequence,
                    StreamId = stream,
                    Json = json,
                    Response = ResponseObjectReader.Read(f.Response.Of(json), known),
                };

            case EventShape.OutputItem when f.Item.Kind == JsonTokenType.StartObject:
                return new OutputItemEvent
                {
                    Type = known.Type,
                    SequenceNumber = sequence,
                    StreamId = stream,
                    Json = json,
                    Done = known.Done,
                    OutputIndex = f.OutputIndex.Index(span),
                    Item = OutputItemReader.Read(f.Item.Of(json)),
                };

            case EventShape.Part:
                var part = OutputItemReader.ReadPart(f.Part.Of(span));
                return new PartEvent
                {
                    Type = known.Type,
                    SequenceNumber = sequence,
                    StreamId = stream,
                    Json = json,
                    Done = known.Done,
                    ItemId = ItemId(f.ItemId, span),
                    OutputIndex = f.OutputIndex.Index(span),
                    PartIndex = f.PartIndex.Index(span),
                    PartType = part.Type,
                    Text = part.Text,
                };

            case EventShape.Annotation:
                return new AnnotationEvent
                {
                    Type = known.Type,
                    SequenceNumber = sequence,
                    StreamId = stream,
                    Json = json,
                    ItemId = ItemId(f.ItemId, span),
                    OutputIndex = f.OutputIndex.Index(span),
                    PartIndex = f.PartIndex.Index(span),
                    Annotation = f.Annotation.Of(json),
                };

            case EventShape.Progress:
                return new ItemProgressEvent
                {
                    Type = known.Type,
                    SequenceNumber = sequence,
                    StreamId = stream,
                    Json = json,
                    ItemId = ItemId(f.ItemId, span),
                    OutputIndex = f.OutputIndex.Index(span),
                    ItemType = known.Subject,
                    Phase = known.Phase,
                };

            case EventShape.Steer:
                var steer = SteerNames(f.Steer.Of(span));
                return new SteerEvent
                {
                    Type = known.Type,
                    SequenceNumber = sequence,
                    StreamId = stream,
                    Json = json,
                    Outcome = known.Phase,
                    SteerId = steer.Id,
                    PreviousResponseId = steer.ResponseId,
                    Error = f.Error.HasValue ? ResponseErrorParser.ReadError(f.Error.Of(span)) : null,
                };

            case EventShape.Error:
                return new ResponseErrorEvent
                {
                    Type = known.Type,
                    SequenceNumber = sequence,
                    StreamId = stream,
                    Json = json,
                    Error = ResponseErrorParser.ReadEvent(span),
                };

            default:
                return new UnknownResponseEvent
                {
                    Type = known?.Type ?? f.Type.Text(span) ?? "",
                    SequenceNumber = sequence,
                    StreamId = stream,
                    Json = json,
                };
        }
    }

    private static string? ItemId(JsonRange slice, ReadOnlySpan<byte> json)
    {
        if (slice.Kind != JsonTokenType.String)
        {
            return null;
        }

        return s_lastItemId is { } last && System.Text.Ascii.Equals(slice.Of(json)[1..^1], last) ? last : s_lastItemId = slice.Text(json);
    }

    private static (string? Id, string? ResponseId) SteerNames(ReadOnlySpan<byte> steer)
    {
        string? id = null;
        string? responseId = null;
        var members = new JsonMemberReader(steer);
        while (members.Next())
        {
            if (members.Name.SequenceEqual("id"u8))
            {
                id = members.Value.Text(steer);
            }
            else if (members.Name.SequenceEqual("previous_response_id"u8))
            {
                responseId = members.Value.Text(steer);
            }
        }

        return (id, responseId);
    }

    /// <summary>Positions of the members that any event may have.</summary>
    private struct Fields
    {
        public JsonRange Type, Sequence, StreamId, ItemId, OutputIndex, PartIndex, Delta, Text;
        public JsonRange Response, Item, Part, Annotation, Error, Detail, Steer;

        public bool Read(ReadOnlySpan<byte> json)
        {
            var ignored = default(JsonRange);
            var members = new JsonMemberReader(json);
            while (members.Next())
            {
                Slot(ref this, members.Name, ref ignored) = members.Value;
            }

            return members.IsObject && members.IsWhole;
        }

        private static ref JsonRange Slot(ref Fields f, ReadOnlySpan<byte> name, ref JsonRange ignored)
        {
            switch (name.Length)
            {
                case 4 when name.SequenceEqual("type"u8):
                    return ref f.Type;
                case 4 when name.SequenceEqual("item"u8):
                    return ref f.Item;
                case 4 when name.SequenceEqual("part"u8):
                    return ref f.Part;
                case 5 when name.SequenceEqual("delta"u8):
                    return ref f.Delta;
                case 5 when name.SequenceEqual("steer"u8):
                    return ref f.Steer;
                case 5 when name.SequenceEqual("error"u8):
                    return ref f.Error;
                case 6 when name.SequenceEqual("detail"u8):
                    return ref f.Detail;
                case 7 when name.SequenceEqual("item_id"u8):
                    return ref f.ItemId;
                case 8 when name.SequenceEqual("response"u8):
                    return ref f.Response;
                case 9 when name.SequenceEqual("stream_id"u8):
                    return ref f.StreamId;
                case 10 when name.SequenceEqual("annotation"u8):
                    return ref f.Annotation;
                case 12 when name.SequenceEqual("output_index"u8):
                    return ref f.OutputIndex;
                case 15 when name.SequenceEqual("sequence_number"u8):
                    return ref f.Sequence;
            }

            if (name.SequenceEqual("content_index"u8) || name.SequenceEqual("summary_index"u8) || name.SequenceEqual("command_index"u8))
            {
                return ref f.PartIndex;
            }

            // The whole text of a .done event has a different name for each kind.
            if (name.SequenceEqual("text"u8) || name.SequenceEqual("arguments"u8) || name.SequenceEqual("input"u8) || name.SequenceEqual("code"u8)
                || name.SequenceEqual("refusal"u8) || name.SequenceEqual("command"u8) || name.SequenceEqual("transcript"u8))
            {
                return ref f.Text;
            }

            return ref ignored;
        }
    }
}
