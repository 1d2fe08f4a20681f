using System.Text.Json;
using System.Text.Json.Nodes;
using Copilot.Demo.Upstream.Protocol;
namespace Copilot.Demo.Upstream.Model;

/// <summary>A call the model made and what came back.</summary>
/// <param name="Name">The function.</param>
/// <param name="Arguments">What it was called with; undefined if not JSON.</param>
/// <param name="Output">The output as it came.</param>
/// <param name="Json">The output as JSON, or null for prose; prose of a tool with a role is an object of its own.</param>
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
        if (parsed is { ValueKind: JsonValueKind.String } quoted)
        {
            // A client that writes all outputs as JSON sends a text, or JSON in a text, as a JSON string.
            text = quoted.GetString()!;
            parsed = JsonText.TryParse(text);
        }

        var preface = (string?)null;
        if (parsed is null && text.IndexOf(ResultLabel, StringComparison.Ordinal) is var at and >= 0)
        {
            // A note about the call precedes its result.
            (preface, parsed) = (text[..at], JsonText.TryParse(text[(at + ResultLabel.Length)..]));
        }

        var json = parsed is { ValueKind: JsonValueKind.Object or JsonValueKind.Array } ? parsed : null;
        var name = call.Name ?? string.Empty;
        var verdict = ToolVerdicts.Of(name, text, json);
        preface = json is null ? null : preface;
        if (json is null && verdict == ToolVerdict.Ok && text.Length > 0 && ToolRole.IsKnown(name))
        {
            // Whoever goes on from it needs a row, and this is all that it says.
            json = JsonText.ToElement(new JsonObject { ["result"] = text });
        }

        return new ToolOutcome(name, JsonText.TryParse(call.Arguments ?? string.Empty) ?? default, text, json, verdict)
        {
            Preface = preface,
        };
    }
}
