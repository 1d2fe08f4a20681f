using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Copilot.Demo.Upstream.Model.Language;
using Copilot.Demo.Upstream.Protocol;
namespace Copilot.Demo.Upstream.Model.Schemas;

/// <summary>
/// Fills the arguments of a call from the tool's own schema: by name from what is known, an enum from the request's words, null or
/// nothing where allowed, and otherwise a generated instance of the schema.
/// </summary>
internal sealed class ArgumentFiller(ModelTurn turn, KnownFacts facts)
{
    private const int ShortestListedWord = 5;

    /// <exception cref="UnsupportedSchemaException">The tool's schema has no instance.</exception>
    public JsonObject Fill(FunctionTool tool)
    {
        var arguments = new JsonObject();
        var schema = tool.Parameters;
        if (schema.ValueKind != JsonValueKind.Object || schema.Member("properties") is not { ValueKind: JsonValueKind.Object } properties)
        {
            return arguments;
        }

        var required = schema.Member("required") is { ValueKind: JsonValueKind.Array } names
            ? names.EnumerateArray().Select(name => name.GetString()).ToHashSet()
            : [];
        var instance = new SchemaInstance(schema, new SchemaHints(turn.Task, facts.Find, turn.Now));
        foreach (var property in properties.EnumerateObject())
        {
            if (Known(property.Name, property.Value) is { } known)
            {
                arguments[property.Name] = known;
            }
            else if (required.Contains(property.Name))
            {
                arguments[property.Name] = IsNullable(property.Value) ? null : instance.Make(property.Value, property.Name);
            }
        }

        return arguments;
    }

    private JsonNode? Known(string name, JsonElement schema)
    {
        var shape = Shape(schema);
        if (shape.Member("enum") is { ValueKind: JsonValueKind.Array } values)
        {
            return KnownOf(name, values);
        }

        if (facts.Find(name) is not JsonValue value)
        {
            return TypeOf(shape) == "string" ? ListedWord(schema) ?? ListedWord(shape) : null;
        }

        return TypeOf(shape) switch
        {
            "string" => AsText(value, shape),
            "integer" or "number" => value.GetValueKind() == JsonValueKind.Number ? Bounded(value, shape) : null,
            "boolean" => value.GetValueKind() is JsonValueKind.True or JsonValueKind.False ? value : null,
            _ => null,
        };
    }

    private JsonNode? KnownOf(string name, JsonElement values)
    {
        var words = values.EnumerateArray()
            .Where(value => value.ValueKind == JsonValueKind.String)
            .Select(value => value.GetString()!)
            .ToList();
        var stated = facts.Find(name) is JsonValue known && known.GetValueKind() == JsonValueKind.String ? known.GetValue<string>() : null;
        return words.FirstOrDefault(word => word.Equals(stated, StringComparison.OrdinalIgnoreCase))
            ?? words.FirstOrDefault(word => turn.Task.Contains(word.Replace('_', ' '), StringComparison.OrdinalIgnoreCase))
            ?? words.FirstOrDefault(facts.Mentions);
    }

    // "What the technician must know: heating, cooling or water": the description lists what fits.
    private string? ListedWord(JsonElement schema)
    {
        var description = schema.Text("description") ?? string.Empty;
        var list = description.IndexOf(':', StringComparison.Ordinal);
        return list < 0
            ? null
            : ToolRole.Words(description[list..])
                .Where(word => word.Length >= ShortestListedWord)
                .FirstOrDefault(word => Phrases.Has(turn.Task, word) || facts.Mentions(word));
    }

    // A time is known as a date-time; where the schema, or its description, wants a day, only the day is given.
    private static JsonNode? AsText(JsonValue value, JsonElement schema)
    {
        if (value.GetValueKind() != JsonValueKind.String)
        {
            return value.GetValueKind() == JsonValueKind.Number ? value.ToJsonString() : null;
        }

        var text = value.GetValue<string>();
        if (schema.Text("format") == "date" || (schema.Text("format") is null && SaysDay(schema)))
        {
            return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var time)
                ? time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
                : text;
        }

        return text;
    }

    private static bool SaysDay(JsonElement schema) =>
        schema.Text("description") is { } description
        && description.Contains("YYYY-MM-DD", StringComparison.OrdinalIgnoreCase)
        && !description.Contains("hh", StringComparison.OrdinalIgnoreCase);

    // A value above the maximum becomes the maximum; the answer reports it.
    private static JsonValue Bounded(JsonValue value, JsonElement schema)
    {
        var number = double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture);
        var bound = schema.Member("minimum") is { } least && number < least.GetDouble() ? least
            : schema.Member("maximum") is { } most && number > most.GetDouble() ? most
            : (JsonElement?)null;
        return bound is { } limit ? JsonValue.Create(limit)! : value;
    }

    public static bool IsNullable(JsonElement schema) =>
        (schema.Member("type") is { ValueKind: JsonValueKind.Array } types && types.EnumerateArray().Any(type => type.ValueEquals("null")))
        || (schema.Member("anyOf") is { ValueKind: JsonValueKind.Array } branches && branches.EnumerateArray().Any(branch => branch.Text("type") == "null"));

    private static JsonElement Shape(JsonElement schema) =>
        schema.Member("anyOf") is { ValueKind: JsonValueKind.Array } branches
            ? branches.EnumerateArray().FirstOrDefault(branch => branch.Text("type") != "null", schema)
            : schema;

    private static string TypeOf(JsonElement schema) => schema.Member("type") is not { } type
        ? "string"
        : type.ValueKind == JsonValueKind.Array
            ? type.EnumerateArray().Select(entry => entry.GetString()!).FirstOrDefault(entry => entry != "null") ?? "null"
            : type.GetString()!;
}
