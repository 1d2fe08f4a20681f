using System.Text.Json;
using System.Text.Json.Nodes;
using Copilot.Domain.Runs.Events;

namespace Copilot.Domain.Replay.Export;

/// <summary>
/// Covers what is not to be read in a run's events. Texts that came in pieces are looked at whole, so a word is found that was cut in two;
/// what is covered keeps its length, so every piece ends where it did.
/// </summary>
/// <param name="redaction">What is covered.</param>
internal sealed class EventRedactor(Redaction redaction)
{
    /// <summary>In place of a salt: the event has a payload, and no place in a hash chain.</summary>
    public static readonly ReadOnlyMemory<byte> NoSalt = new byte[1];

    private static readonly HashSet<string> s_arguments = ["arguments", "input", "code", "intent", "queries", "query", "action", "actions", "operation"];
    // The upstream can read it: it holds all that was said.
    private const string Encrypted = "encrypted_content";

    private const string Person = "usr_";

    private static readonly HashSet<string> s_results = ["output", "outputs", "result", "results", "logs", "partial_image_b64"];

    // What an approval and a question repeat of a call.
    private static readonly HashSet<string> s_asked = ["summary", "facts", "question", "choices"];

    // What tells one thing from another is no text.
    private static readonly HashSet<string> s_structure =
        ["type", "id", "status", "role", "object", "model", "phase", "kind", "mode", "server_label", "currency", "clock", "row", "how", "format"];

    private readonly TextCover _cover = new(redaction);
    private readonly Dictionary<string, string> _people = new(StringComparer.Ordinal);

    /// <summary>The events of one run, covered. They have no place in a hash chain any more.</summary>
    public IReadOnlyList<RunEvent> Redact(IReadOnlyList<RunEvent> run)
    {
        var payloads = run.Select(one => one.IsErased ? null : Parse(one.Data.Span)).ToList();
        if (redaction.Names)
        {
            foreach (var person in run.Select(one => one.Actor?.Id).OfType<string>())
            {
                PersonOf(person);
            }
        }

        var streams = new TextStreams();
        for (var place = 0; place < run.Count; place++)
        {
            streams.Add(run[place].Type, payloads[place]);
        }

        streams.Cover(_cover);
        return [.. run.Select((one, place) => With(one, payloads[place] is { } payload ? Write(Covered(one, payload)) : one.Data))];
    }

    // What cannot be read whole cannot be covered in part: nothing of it is exported.
    private static JsonObject Parse(ReadOnlySpan<byte> data)
    {
        try
        {
            if (JsonNode.Parse(data) is JsonObject root)
            {
                Read(root);
                return root;
            }
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or InvalidOperationException)
        {
            // Broken, a property twice, or half of a character.
            return [];
        }

        return [];
    }

    private static void Read(JsonNode node)
    {
        switch (node)
        {
            case JsonObject values:
                foreach (var (_, value) in values)
                {
                    Read(value ?? "");
                }

                break;
            case JsonArray list:
                foreach (var value in list)
                {
                    Read(value ?? "");
                }

                break;
            case JsonValue value:
                value.TryGetValue<string>(out _);
                break;
        }
    }

    private static byte[] Write(JsonObject payload) => JsonSerializer.SerializeToUtf8Bytes(payload);

    private JsonObject Covered(RunEvent runEvent, JsonObject root)
    {
        // Pieces of arguments and of outputs say what they are by the type of their event.
        if (root["delta"] is { } delta && (IsArguments(runEvent.Type) ? redaction.Arguments : IsOutput(runEvent.Type) && redaction.Results))
        {
            root["delta"] = CoverAll(delta.DeepClone());
        }

        if (runEvent.Type.StartsWith("approval.", StringComparison.Ordinal) || runEvent.Type.StartsWith("question.", StringComparison.Ordinal))
        {
            foreach (var (key, value) in root.ToList())
            {
                // What a person answers is what the tool gives back.
                if (value is not null && ((redaction.Arguments && s_asked.Contains(key)) || (redaction.Results && key is "text")))
                {
                    root[key] = CoverAll(value.DeepClone());
                }
            }
        }

        Walk(root, inside: null);
        return root;
    }

    private void Walk(JsonNode node, string? inside)
    {
        switch (node)
        {
            case JsonObject values:
                var isItem = values["type"] is JsonValue kind && kind.TryGetValue<string>(out var type) && type.EndsWith("_output", StringComparison.Ordinal);
                foreach (var (key, value) in values.ToList())
                {
                    if (value is not null)
                    {
                        values[key] = Visit(key, value, isItem);
                    }
                }

                break;
            case JsonArray list:
                for (var place = 0; place < list.Count; place++)
                {
                    if (list[place] is JsonValue value && value.TryGetValue<string>(out var text))
                    {
                        list[place] = Text(inside ?? "", text);
                    }
                    else if (list[place] is { } one)
                    {
                        Walk(one, inside);
                    }
                }

                break;
        }
    }

    private JsonNode? Visit(string key, JsonNode value, bool isOutputItem)
    {
        // `output` of a response are its items; elsewhere it is what a tool gave back.
        var isItems = key is "output" && value is JsonArray items && !isOutputItem && items.All(one => one is JsonObject item && item["type"] is not null && item["id"] is not null);
        if (key is Encrypted || (redaction.Arguments && s_arguments.Contains(key)) || (redaction.Results && s_results.Contains(key) && !isItems))
        {
            return CoverAll(value.DeepClone());
        }

        if (value is JsonValue simple && simple.TryGetValue<string>(out var text))
        {
            return Text(key, text);
        }

        if (key is "metadata" && value is JsonObject sent)
        {
            // The client's own words, on both sides.
            var covered = new JsonObject();
            foreach (var (word, said) in sent)
            {
                covered[_cover.Of(word)] = said is JsonValue own && own.TryGetValue<string>(out var words) ? Text("", words) : said?.DeepClone();
            }

            return covered;
        }

        Walk(value, key);
        return value.Parent is null ? value : value.DeepClone();
    }

    private string Text(string key, string text) =>
        redaction.Names && (key is "user_id" || IsPerson(text)) ? PersonOf(text)
        : redaction.Names && _people.TryGetValue(text, out var person) ? person
        : s_structure.Contains(key) || key.EndsWith("_id", StringComparison.Ordinal) ? text
        : _cover.Of(text);

    private static bool IsPerson(string text) => text.StartsWith(Person, StringComparison.Ordinal) && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_');

    private static JsonNode? CoverAll(JsonNode node)
    {
        switch (node)
        {
            case JsonValue value:
                return value.TryGetValue<string>(out var text) ? TextCover.Whole(text) : value;
            case JsonObject values:
                foreach (var (key, one) in values.ToList())
                {
                    if (one is not null && key is not "type" and not "id" and not "status")
                    {
                        values[key] = CoverAll(one.DeepClone());
                    }
                }

                return values;
            case JsonArray list:
                for (var place = 0; place < list.Count; place++)
                {
                    list[place] = list[place] is { } one ? CoverAll(one.DeepClone()) : null;
                }

                return list;
            default:
                return node;
        }
    }

    private static bool IsArguments(string type) =>
        type.Contains("arguments", StringComparison.Ordinal) || type.Contains("_input", StringComparison.Ordinal) || type.Contains("_code", StringComparison.Ordinal)
        || type.Contains("shell_call_command", StringComparison.Ordinal) || type.Contains("apply_patch", StringComparison.Ordinal);

    private static bool IsOutput(string type) => type.Contains("call_output", StringComparison.Ordinal);

    private string PersonOf(string id)
    {
        if (!_people.TryGetValue(id, out var person))
        {
            _people[id] = person = $"person_{_people.Count + 1}";
        }

        return person;
    }

    private RunEvent With(RunEvent one, ReadOnlyMemory<byte> data) => new()
    {
        RunId = one.RunId,
        Seq = one.Seq,
        At = one.At,
        Source = one.Source,
        Actor = one.Actor is { } actor && redaction.Names ? actor with { Id = PersonOf(actor.Id) } : one.Actor,
        Type = one.Type,
        ResponseId = one.ResponseId,
        CallId = one.CallId,
        Data = data,
        Salt = one.IsErased ? ReadOnlyMemory<byte>.Empty : NoSalt,
        PayloadDigest = ReadOnlyMemory<byte>.Empty,
        Hash = ReadOnlyMemory<byte>.Empty,
    };
}
