using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace Copilot.Domain.Responses.Events.Output;

/// <summary>One output item as far as it is known: what its own events and the terminal response said, and the text that was streamed for it.</summary>
internal sealed record OutputDraft
{
    // The API's items have a dozen members, and an answer a few parts. To compare thousands would take the run's time.
    private const int MostMembers = 200;
    private const int MostParts = 100;

    private OutputItem? _built;

    /// <summary>The API's item type; empty while no event has told it.</summary>
    public required string Type { get; init; }

    /// <summary>Its place in the output, as it was told.</summary>
    public required int Index { get; init; }

    /// <summary>The API's <c>id</c>, or null.</summary>
    public string? Id { get; init; }

    /// <summary>The API's <c>call_id</c>, or null.</summary>
    public string? CallId { get; init; }

    /// <summary>The id it gets because another call of the response has the same one, or null.</summary>
    public string? OwnCallId { get; init; }

    /// <summary>What was said of it so far; null while only deltas came.</summary>
    public OutputItem? Said { get; init; }

    /// <summary>True once an event has called it final.</summary>
    public bool Done { get; init; }

    /// <summary>Streamed text by kind and part.</summary>
    public ImmutableArray<(DeltaKind Kind, int Part, StreamedText Text)> Texts { get; init; } = [];

    /// <summary>True for a call that is answered with an output of ours.</summary>
    public bool IsCall => Type is "function_call" or "custom_tool_call";

    /// <summary>The id that a call was given: by the upstream, else by its place.</summary>
    public string ToldCallId => CallId ?? Id ?? $"call_{Index}";

    /// <summary>The id that a call is answered by; no other call of the response has it.</summary>
    public string CalledAs => OwnCallId ?? ToldCallId;

    /// <summary>True when both types may mean the same item.</summary>
    public bool Fits(string type) => type.Length == 0 || Type.Length == 0 || Type == type;

    /// <summary>The item with all that is known of it.</summary>
    public OutputItem Item => _built ??= Build();

    /// <summary>With one more event about the whole item.</summary>
    public OutputDraft With(OutputItem item, bool done) => this with
    {
        _built = null,
        Type = item.Type.Length > 0 ? item.Type : Type,
        Id = item.Id ?? Id,
        CallId = item.CallId ?? CallId,
        Said = Said is null ? item : Merge(Said, item, Done),
        Done = Done || done,
    };

    /// <summary>With a piece of text, or with a whole one, which takes the place of the pieces.</summary>
    public OutputDraft With(DeltaKind kind, int part, string text, bool whole)
    {
        var place = Texts.Length - 1;
        while (place >= 0 && (Texts[place].Kind != kind || Texts[place].Part != part))
        {
            place--;
        }

        if (place < 0 && Texts.Length >= MostParts)
        {
            return this;
        }

        var old = place < 0 ? StreamedText.Empty : Texts[place].Text;
        var grown = (kind, part, (whole ? StreamedText.Empty : old).Append(text));
        return this with { _built = null, Texts = place < 0 ? Texts.Add(grown) : Texts.SetItem(place, grown) };
    }

    /// <summary>What both say: the later where it says something, the earlier elsewhere.</summary>
    private static OutputItem Merge(OutputItem earlier, OutputItem later, bool earlierIsFinal)
    {
        if (JsonMembers.Count(earlier.Json.Span) > MostMembers || JsonMembers.Count(later.Json.Span) > MostMembers)
        {
            return later;
        }

        var (json, adds) = (later.Json, false);
        var members = new JsonMemberReader(earlier.Json.Span);
        while (members.Next())
        {
            var old = earlier.Json.Span;
            if (!IsSilent(members.Name, members.Value, earlier)
                && IsSilent(members.Name, JsonMembers.Find(later.Json.Span, members.Name), later))
            {
                json = JsonMembers.Set(json, members.Name, members.Value.Of(old));
            }
        }

        members = new JsonMemberReader(later.Json.Span);
        while (members.Next())
        {
            adds |= !IsSilent(members.Name, members.Value, later)
                && IsSilent(members.Name, JsonMembers.Find(earlier.Json.Span, members.Name), earlier);
        }

        if (earlierIsFinal && !adds && SaysTheSame(earlier, json.Equals(later.Json) ? later : OutputItemReader.Read(json)))
        {
            return earlier;
        }

        return json.Equals(later.Json) ? later : OutputItemReader.Read(json);
    }

    private static bool IsSilent(ReadOnlySpan<byte> name, JsonRange value, OutputItem item) =>
        JsonMembers.IsEmpty(value, item.Json.Span)
        || (name.SequenceEqual("content"u8) && item.Type == "message" && item.Text.Length == 0 && string.IsNullOrEmpty(item.Refusal));

    private static bool SaysTheSame(OutputItem one, OutputItem other) =>
        one.Text == other.Text && one.Refusal == other.Refusal && one.Arguments == other.Arguments
        && one.Name == other.Name && one.CallId == other.CallId && one.Type == other.Type;

    private OutputItem Build()
    {
        var json = Said?.Json ?? Encoding.UTF8.GetBytes($$"""{"type":"{{Type}}"}""");
        if (Said is null && Type == "message")
        {
            json = JsonMembers.Set(json, "role"u8, "\"assistant\""u8);
        }

        if (Said is null && Id is not null)
        {
            json = JsonMembers.Set(json, "id"u8, JsonMembers.Quote(Id));
        }

        foreach (var (kind, part, text) in Texts)
        {
            json = text.IsEmpty ? json : Fill(json, kind, part, text);
        }

        if (IsCall && CalledAs != Said?.CallId)
        {
            json = JsonMembers.Set(json, "call_id"u8, JsonMembers.Quote(CalledAs));
        }

        if (!Done && (IsCall || Type == "message") && JsonMembers.Find(json.Span, "status"u8).HasValue)
        {
            // Its response has ended, and that it ended as well was only not said.
            json = JsonMembers.Set(json, "status"u8, "\"completed\""u8);
        }

        return Said is not null && json.Equals(Said.Json) ? Said : OutputItemReader.Read(json);
    }

    private ReadOnlyMemory<byte> Fill(ReadOnlyMemory<byte> json, DeltaKind kind, int part, StreamedText text) => kind switch
    {
        DeltaKind.FunctionCallArguments or DeltaKind.McpCallArguments => FillMember(json, "arguments"u8, text),
        DeltaKind.CustomToolCallInput => FillMember(json, "input"u8, text),
        DeltaKind.CodeInterpreterCode => FillMember(json, "code"u8, text),
        DeltaKind.OutputText when Type == "message" => FillPart(json, part, "output_text", "text", text),
        DeltaKind.Refusal when Type == "message" => FillPart(json, part, "refusal", "refusal", text),
        // Reasoning goes back exactly as it came, or not at all.
        _ => json,
    };

    private static ReadOnlyMemory<byte> FillMember(ReadOnlyMemory<byte> json, ReadOnlySpan<byte> name, StreamedText text) =>
        JsonMembers.IsEmpty(JsonMembers.Find(json.Span, name), json.Span) ? JsonMembers.Set(json, name, JsonMembers.Quote(text.ToString())) : json;

    private ReadOnlyMemory<byte> FillPart(ReadOnlyMemory<byte> json, int part, string type, string member, StreamedText text)
    {
        var parts = new List<byte[]>();
        var content = JsonMembers.Find(json.Span, "content"u8);
        if (content.Kind is JsonTokenType.StartArray)
        {
            var array = new JsonMemberReader(content.Of(json.Span));
            while (array.Next())
            {
                parts.Add(array.Value.Of(content.Of(json.Span)).ToArray());
            }
        }

        if (part < parts.Count)
        {
            var (known, said) = OutputItemReader.ReadPart(parts[part]);
            if (said.Length > 0 || (known.Length > 0 && known != type))
            {
                return json;
            }

            parts[part] = JsonMembers.Set(parts[part], Encoding.UTF8.GetBytes(member), JsonMembers.Quote(text.ToString())).ToArray();
        }
        else if (Said is { Text.Length: > 0 } or { Refusal.Length: > 0 })
        {
            // The final item has other parts than were streamed, and counts.
            return json;
        }
        else
        {
            parts.Add([.. Encoding.UTF8.GetBytes($$"""{"type":"{{type}}","{{member}}":"""), .. JsonMembers.Quote(text.ToString()), (byte)'}']);
        }

        byte[] filled = [(byte)'[', .. parts.SelectMany((bytes, index) => index == 0 ? bytes : [(byte)',', .. bytes]), (byte)']'];
        return JsonMembers.Set(json, "content"u8, filled);
    }
}
