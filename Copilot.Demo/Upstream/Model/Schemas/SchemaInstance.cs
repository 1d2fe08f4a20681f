using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Copilot.Demo.Upstream.Protocol;
namespace Copilot.Demo.Upstream.Model.Schemas;

/// <summary>
/// Generates a valid instance of a schema of the strict subset: object, array, string with enum or const, number,
/// integer, boolean, null, anyOf, a <c>$ref</c> into the schema itself, minimum and maximum. A recursive schema is followed once, to
/// where it may end: null, an empty array, another branch. The same schema and hints give the same instance.
/// </summary>
internal sealed class SchemaInstance(JsonElement root, SchemaHints hints)
{
    private const int MaxDepth = 24;
    private const int UsualArrayLength = 2;
    private const int MaxArrayLength = 1000;

    private readonly RecursiveSchema _recursion = new(root);

    /// <exception cref="UnsupportedSchemaException">The schema is outside the subset.</exception>
    public JsonNode? Make() => _recursion.Within(RecursiveSchema.Root, _ => Make(root, string.Empty, 0));

    /// <summary>An instance of a part of the schema, whose references are looked up in the root.</summary>
    /// <exception cref="UnsupportedSchemaException">The schema is outside the subset.</exception>
    public JsonNode? Make(JsonElement schema, string name) => Make(schema, name, 0);

    private JsonNode? Make(JsonElement schema, string name, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new UnsupportedSchemaException("It is nested too deep.");
        }

        if (schema.ValueKind != JsonValueKind.Object)
        {
            // "true" and a missing schema allow anything.
            return JsonValue.Create($"demo {Readable(name)}".TrimEnd());
        }

        if (schema.Text("$ref") is { } reference)
        {
            return _recursion.Within(reference, target => Make(target, name, depth + 1));
        }

        if (schema.Member("const") is { } constant)
        {
            return JsonText.ToNode(constant);
        }

        if (schema.Member("enum") is { ValueKind: JsonValueKind.Array } values)
        {
            return OneOf(values, name);
        }

        if (schema.Member("anyOf") is { ValueKind: JsonValueKind.Array } branches && branches.GetArrayLength() > 0)
        {
            var ending = branches.EnumerateArray().Where(_recursion.Ends).ToList();
            var branch = ending.FirstOrDefault(candidate => candidate.Text("type") != "null");
            return branch.ValueKind != JsonValueKind.Undefined ? Make(branch, name, depth + 1)
                : ending.Count > 0 ? null
                : throw RecursiveSchema.Endless();
        }

        return TypeOf(schema) switch
        {
            "object" when AllowsNull(schema) && !_recursion.PropertiesEnd(schema) => null,
            "object" => Object(schema, depth),
            "array" => Array(schema, name, depth),
            "string" => Known(name, JsonValueKind.String) ?? String(schema, name),
            "integer" => Known(name, JsonValueKind.Number) is { } known && Fits(schema, known) ? known : Integer(schema),
            "number" => Known(name, JsonValueKind.Number) is { } known && Fits(schema, known) ? known : Number(schema),
            "boolean" => Known(name, JsonValueKind.True) ?? Known(name, JsonValueKind.False) ?? JsonValue.Create(true),
            "null" => null,
            var other => throw new UnsupportedSchemaException($"'{other}' is not a supported type."),
        };
    }

    private static bool AllowsNull(JsonElement schema) =>
        schema.Member("type") is { ValueKind: JsonValueKind.Array } types && types.EnumerateArray().Any(type => type.ValueEquals("null"));

    private static string TypeOf(JsonElement schema)
    {
        if (schema.Member("type") is not { } type)
        {
            return schema.Member("properties") is not null ? "object" : schema.Member("items") is not null ? "array" : "string";
        }

        return type.ValueKind == JsonValueKind.Array
            ? type.EnumerateArray().Select(entry => entry.GetString()!).FirstOrDefault(entry => entry != "null") ?? "null"
            : type.GetString() ?? "string";
    }

    private JsonNode? OneOf(JsonElement values, string name)
    {
        if (values.GetArrayLength() == 0)
        {
            throw new UnsupportedSchemaException("'enum' must have at least one value.");
        }

        var known = hints.Known(name)?.ToJsonString();
        var all = values.EnumerateArray().ToList();
        var choice = all.FirstOrDefault(value => value.GetRawText() == known);
        if (choice.ValueKind == JsonValueKind.Undefined)
        {
            choice = all.FirstOrDefault(value => value.ValueKind == JsonValueKind.String && hints.Mentions(value.GetString()!));
        }

        return JsonText.ToNode(choice.ValueKind == JsonValueKind.Undefined ? all[0] : choice);
    }

    private JsonObject Object(JsonElement schema, int depth)
    {
        var instance = new JsonObject();
        if (schema.Member("properties") is { ValueKind: JsonValueKind.Object } properties)
        {
            foreach (var property in properties.EnumerateObject().Where(property => _recursion.Ends(property.Value) || RecursiveSchema.Requires(schema, property.Name)))
            {
                instance[property.Name] = Make(property.Value, property.Name, depth + 1);
            }
        }

        return instance;
    }

    private JsonArray Array(JsonElement schema, string name, int depth)
    {
        var least = Count(schema, "minItems") ?? 0;
        var most = Count(schema, "maxItems") ?? int.MaxValue;
        var items = schema.Member("items") ?? default;
        var length = Math.Min(Math.Max(least, _recursion.Ends(items) ? UsualArrayLength : 0), most);
        if (length > MaxArrayLength || least > most)
        {
            throw new UnsupportedSchemaException("'minItems' and 'maxItems' leave no array of a supported length.");
        }

        return new JsonArray([.. Enumerable.Range(0, length).Select(_ => Make(items, Singular(name), depth + 1))]);
    }

    private JsonValue String(JsonElement schema, string name)
    {
        var text = schema.Text("format") switch
        {
            "date-time" => hints.Now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            "date" => hints.Now.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            "time" => "09:00:00Z",
            "duration" => "PT1H",
            "email" => "demo@example.com",
            "hostname" => "example.com",
            "ipv4" => "192.0.2.1",
            "ipv6" => "2001:db8::1",
            "uuid" => "00000000-0000-4000-8000-000000000000",
            "uri" => "https://example.com/",
            _ => $"demo {Readable(name)}".TrimEnd(),
        };
        var least = Count(schema, "minLength") ?? 0;
        var most = Count(schema, "maxLength") ?? int.MaxValue;
        text = text.Length < least ? text.PadRight(least, '.') : text;
        return JsonValue.Create(text.Length > most ? text[..most] : text);
    }

    private JsonValue Integer(JsonElement schema)
    {
        var range = Range.Of(schema, step: 1);
        var least = Math.Ceiling(range.Least);
        var most = Math.Floor(range.Most);
        if (least > most)
        {
            throw new UnsupportedSchemaException("No integer lies between 'minimum' and 'maximum'.");
        }

        var number = hints.Number(candidate => candidate == Math.Floor(candidate) && candidate >= least && candidate <= most)
            ?? Math.Clamp(1, least, most);
        return JsonValue.Create((long)number);
    }

    private JsonValue Number(JsonElement schema)
    {
        var range = Range.Of(schema, step: 0.5);
        if (range.Least > range.Most)
        {
            throw new UnsupportedSchemaException("No number lies between 'minimum' and 'maximum'.");
        }

        return JsonValue.Create(hints.Number(range.Holds) ?? Math.Clamp(1, range.Least, range.Most));
    }

    private static bool Fits(JsonElement schema, JsonNode known)
    {
        var range = Range.Of(schema, step: 0);
        return range.Holds(known.GetValue<JsonElement>().GetDouble());
    }

    private JsonNode? Known(string name, JsonValueKind kind) =>
        hints.Known(name) is JsonValue value && value.GetValueKind() == kind ? JsonText.ToNode(JsonText.ToElement(value)) : null;

    private static int? Count(JsonElement schema, string keyword) =>
        schema.Member(keyword) is { ValueKind: JsonValueKind.Number } count && count.TryGetInt32(out var value) ? value : null;

    private static string Readable(string name) => name.Replace('_', ' ');

    private static string Singular(string name) =>
        name.EndsWith('s') && !name.EndsWith("ss", StringComparison.Ordinal) ? name[..^1] : name;

    private readonly record struct Range(double Least, double Most)
    {
        /// <summary>An exclusive bound moves inwards by the step, or to the middle where the step leaves no room.</summary>
        public static Range Of(JsonElement schema, double step)
        {
            var least = Bound(schema, "minimum") ?? double.MinValue;
            var most = Bound(schema, "maximum") ?? double.MaxValue;
            var above = Bound(schema, "exclusiveMinimum");
            var below = Bound(schema, "exclusiveMaximum");
            if (step is > 0 and < 1 && above is { } low && below is { } high && high - low <= step)
            {
                step = (high - low) / 4;
            }

            return new Range(
                above is { } floor ? Math.Max(least, floor + step) : least,
                below is { } ceiling ? Math.Min(most, ceiling - step) : most);
        }

        public bool Holds(double number) => number >= Least && number <= Most;

        private static double? Bound(JsonElement schema, string keyword) =>
            schema.Member(keyword) is { ValueKind: JsonValueKind.Number } bound ? bound.GetDouble() : null;
    }
}
