using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Copilot.Domain.Timeline.Items;

namespace Copilot.Domain.Timeline.Folds;

/// <summary>Limits of what an item holds: a viewer has it for as long as the page is open.</summary>
public static class HostedToolDetails
{
    /// <summary>Longest text, in UTF-16 units.</summary>
    public const int MaxText = 64 * 1024;

    /// <summary>Longest name, title or address.</summary>
    public const int MaxWords = 2_000;

    /// <summary>Most sources, hits, outputs or tools.</summary>
    public const int MaxEntries = 200;
}

/// <summary>Reads what the known kinds of items say. Nothing is required: what is missing or of another kind is empty.</summary>
internal static class HostedToolDetailsReader
{
    public static WebSearchFacts Web(JsonElement item)
    {
        var action = Member(item, "action");
        var type = Words(action, "type") ?? "";
        return new WebSearchFacts(
            type == "find" ? "find_in_page" : type,
            Queries(action, "query", "queries"),
            Words(action, "url"),
            Words(action, "pattern"),
            [.. Entries(action, "sources").Where(source => Words(source, "url") is not null)
                .Select(source => new WebPage(Words(source, "url")!, Words(source, "title")))]);
    }

    public static FileSearchFacts Files(JsonElement item) => new(
        Queries(item, "query", "queries"),
        IsArray(item, "results")
            ? [.. Entries(item, "results").Select(hit => new FileHit(
                Words(hit, "filename") ?? Words(hit, "file_id") ?? "a file",
                Words(hit, "file_id"),
                Member(hit, "score") is { ValueKind: JsonValueKind.Number } score && score.TryGetDouble(out var value) ? value : null,
                Long(hit, "text") ?? new LongText("", 0)))]
            : null);

    public static CodeInterpreterFacts Code(JsonElement item, long seq, int? place)
    {
        if (!IsArray(item, "outputs"))
        {
            return new CodeInterpreterFacts(Words(item, "container_id"), null);
        }

        var images = 0;
        var outputs = ImmutableArray.CreateBuilder<CodeOutput>();
        foreach (var output in Entries(item, "outputs"))
        {
            if (Words(output, "type") == "image")
            {
                // The index counts every image, so that it finds the same one in the log.
                var image = Image(output, "url", seq, place, images++);
                outputs.Add(new CodeOutput(null, image, image is null ? Words(output, "url") ?? Words(output, "file_id") ?? "an image" : null));
            }
            else if (Long(output, "logs") is { } logs)
            {
                outputs.Add(new CodeOutput(logs, null, null));
            }
            else
            {
                // "files" of older servers, and any later name.
                foreach (var file in IsArray(output, "files") ? Entries(output, "files") : [output])
                {
                    outputs.Add(new CodeOutput(null, null, Words(file, "filename") ?? Words(file, "file_id") ?? Words(file, "type") ?? "a file"));
                }
            }
        }

        return new CodeInterpreterFacts(Words(item, "container_id"), outputs.ToImmutable());
    }

    public static ImageFacts Picture(JsonElement item, long seq, int? place) => new(
        Image(item, "result", seq, place, 0),
        Words(item, "revised_prompt"),
        Words(item, "size"),
        Words(item, "quality"),
        Words(item, "output_format"));

    public static McpToolsFacts McpTools(JsonElement item) => new(
        Words(item, "server_label") ?? "",
        [.. Entries(item, "tools").Select(tool => new McpTool(Words(tool, "name") ?? "", Words(tool, "description")))],
        ErrorOf(item));

    public static McpCallFacts McpCall(JsonElement item) => new(
        Words(item, "server_label") ?? "", Long(item, "output"), ErrorOf(item), Words(item, "approval_request_id"));

    public static CompactionFacts Compaction(JsonElement item) =>
        new(Member(item, "encrypted_content") is { ValueKind: JsonValueKind.String } sealedText ? LengthOf(sealedText) : 0);

    public static CommandFacts Command(string type, JsonElement item, long seq, int? place) => type switch
    {
        "local_shell_call" => Local(Member(item, "action")),
        "shell_call" => new CommandFacts("", Joined(Member(item, "action"), "commands", "\n"), null, null, null),
        "apply_patch_call" => Patch(Member(item, "operation")),
        "computer_call" => new CommandFacts(Action(Member(item, "action")), null, null, null, null),
        _ => Output(item, seq, place),
    };

    /// <summary>What a command printed: the API's pairs of streams, one after the other.</summary>
    public static string Streams(JsonElement output) =>
        string.Concat(Text(output, "stdout"), Text(output, "stderr"));

    private static CommandFacts Local(JsonElement action) => new(
        Words(action, "working_directory") is { } folder ? $"in {folder}" : "",
        Joined(action, "command", " ") ?? Long(action, "command"),
        null,
        null,
        null);

    private static CommandFacts Patch(JsonElement operation)
    {
        var what = Words(operation, "type") switch
        {
            "create_file" => "create",
            "update_file" => "change",
            "delete_file" => "delete",
            var other => other?.Replace('_', ' ') ?? "change",
        };
        return new CommandFacts($"{what} {Words(operation, "path")}".TrimEnd(), Long(operation, "diff"), null, null, null);
    }

    private static string Action(JsonElement action)
    {
        var words = new StringBuilder(Words(action, "type")?.Replace('_', ' ') ?? "");
        if (Words(action, "text") is { } text)
        {
            words.Append(" “").Append(text).Append('”');
        }

        if (Joined(action, "keys", "+") is { } keys)
        {
            words.Append(' ').Append(keys.Text);
        }

        if (Member(action, "x") is { ValueKind: JsonValueKind.Number } x && Member(action, "y") is { ValueKind: JsonValueKind.Number } y)
        {
            words.Append(CultureInfo.InvariantCulture, $" at {x.GetRawText()}, {y.GetRawText()}");
        }

        return words.ToString();
    }

    private static CommandFacts Output(JsonElement item, long seq, int? place)
    {
        var output = Member(item, "output");
        switch (output.ValueKind)
        {
            case JsonValueKind.Array:
                var entries = Entries(item, "output").ToArray();
                long? exit = entries.Length > 0
                    && Member(Member(entries[^1], "outcome"), "exit_code") is { ValueKind: JsonValueKind.Number } code
                    && code.TryGetInt64(out var value)
                        ? value
                        : null;
                return new CommandFacts("", null, Cut(string.Concat(entries.Select(Streams))), exit, null);
            case JsonValueKind.Object:
                return new CommandFacts("", null, null, null, Image(output, "image_url", seq, place, 0));
            default:
                return new CommandFacts("", null, Long(item, "output"), null, null);
        }
    }

    /// <summary>An image that is in the event itself; null for one that is only referred to.</summary>
    private static ImageRef? Image(JsonElement holder, string property, long seq, int? place, int index)
    {
        if (Member(holder, property) is not { ValueKind: JsonValueKind.String } value)
        {
            return null;
        }

        // Its length is enough here: the text is not even copied.
        var json = JsonMarshal.GetRawUtf8Value(value);
        return json.Length > 2 && (property == "result" || json[1..].StartsWith("data:"u8))
            ? new ImageRef(seq, place, index, (json.Length - 2) / 4 * 3L)
            : null;
    }

    private static string? ErrorOf(JsonElement item) => Member(item, "error") switch
    {
        { ValueKind: JsonValueKind.String } error => Short(error.GetString()!),
        { ValueKind: JsonValueKind.Object } error => Words(error, "message") ?? Words(error, "type") ?? "It failed.",
        _ => null,
    };

    private static ImmutableArray<string> Queries(JsonElement holder, string one, string many)
    {
        var queries = Entries(holder, many).Where(query => query.ValueKind is JsonValueKind.String)
            .Select(query => Short(query.GetString()!)).Where(query => query.Length > 0).ToImmutableArray();
        return queries.IsEmpty && Words(holder, one) is { } query ? [query] : queries;
    }

    private static LongText? Joined(JsonElement holder, string property, string separator) =>
        IsArray(holder, property)
            ? Cut(string.Join(separator, Entries(holder, property).Where(one => one.ValueKind is JsonValueKind.String).Select(one => one.GetString())))
            : null;

    private static JsonElement Member(JsonElement element, string property) =>
        element.ValueKind is JsonValueKind.Object && element.TryGetProperty(property, out var value) ? value : default;

    private static bool IsArray(JsonElement element, string property) => Member(element, property).ValueKind is JsonValueKind.Array;

    private static IEnumerable<JsonElement> Entries(JsonElement element, string property) =>
        Member(element, property) is { ValueKind: JsonValueKind.Array } array
            ? array.EnumerateArray().Where(one => one.ValueKind is not JsonValueKind.Null).Take(HostedToolDetails.MaxEntries)
            : [];

    private static string? Text(JsonElement element, string property) =>
        Member(element, property) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static string? Words(JsonElement element, string property) =>
        Text(element, property) is { Length: > 0 } text ? Short(text) : null;

    private static LongText? Long(JsonElement element, string property) => Text(element, property) is { } text ? Cut(text) : null;

    private static LongText Cut(string text) => new(Head(text, HostedToolDetails.MaxText), text.Length);

    private static string Short(string text) => Head(text, HostedToolDetails.MaxWords);

    private static string Head(string text, int length) =>
        text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];

    private static long LengthOf(JsonElement text) => Math.Max(0, JsonMarshal.GetRawUtf8Value(text).Length - 2);
}
