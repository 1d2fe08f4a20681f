using System.Text.Json;
using Copilot.Demo.Upstream.Protocol;
namespace Copilot.Demo.Upstream.Model;

/// <summary>A call the model made and what came back.</summary>
/// <param name="Name">The function.</param>
/// <param name="Arguments">What it was called with; undefined if not JSON.</param>
/// <param name="Output">The output as it came.</param>
/// <param name="Json">The output as JSON, or null for prose.</param>
/// <param name="Verdict">How the call went, according to the output.</param>
internal sealed record ToolOutcome(string Name, JsonElement Arguments, string Output, JsonElement? Json, ToolVerdict Verdict)
{
    private const string ResultLabel = "Result:\n";

    /// <summary>Text before the result, or null: that a person changed the arguments, for example.</summary>
    public string? Preface { get; init; }

    public bool Succeeded => Verdict == ToolVerdict.Ok;

    /// <summary>The result's rows: the first array of objects in it, or the object itself.</summary>
    public IReadOnlyList<JsonElement> Rows
    {
        get
        {
            if (!Succeeded || Json is not { } json)
            {
                return [];
            }

            if (json.ValueKind == JsonValueKind.Array)
            {
                return [.. json.EnumerateArray().Where(row => row.ValueKind == JsonValueKind.Object)];
            }

            foreach (var property in json.EnumerateObject())
            {
                if (property.Value.ValueKind == JsonValueKind.Array)
                {
                    return [.. property.Value.EnumerateArray().Where(row => row.ValueKind == JsonValueKind.Object)];
                }
            }

            return [json];
        }
    }

    /// <summary>The tool's own error message.</summary>
    public string Complaint => Json is { ValueKind: JsonValueKind.Object } json
        ? json.Text("error") ?? json.Member("error")?.Text("message") ?? json.Text("message") ?? Output
        : Output;

    public static ToolOutcome Of(ConversationItem call, ConversationItem output)
    {
        var text = output.Output ?? string.Empty;
        var parsed = JsonText.TryParse(text);
        var preface = (string?)null;
        if (parsed is null && text.IndexOf(ResultLabel, StringComparison.Ordinal) is var at and >= 0)
        {
            // A note about the call precedes its result.
            (preface, parsed) = (text[..at], JsonText.TryParse(text[(at + ResultLabel.Length)..]));
        }

        var json = parsed is { ValueKind: JsonValueKind.Object or JsonValueKind.Array } ? parsed : null;
        return new ToolOutcome(
            call.Name ?? string.Empty,
            JsonText.TryParse(call.Arguments ?? string.Empty) ?? default,
            text,
            json,
            ToolVerdicts.Of(call.Name ?? string.Empty, text, json))
        {
            Preface = json is null ? null : preface,
        };
    }
}
