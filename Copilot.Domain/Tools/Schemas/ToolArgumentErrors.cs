using System.Globalization;
using System.Text.Json;

namespace Copilot.Domain.Tools.Schemas;

/// <summary>
/// Checks arguments against their schema and names each wrong field in a plain sentence for the model.
/// A nullable field may be missing: not every upstream enforces strict schemas.
/// </summary>
internal static class ToolArgumentErrors
{
    public static IReadOnlyList<ToolArgumentError> Of(JsonElement schema, JsonElement arguments)
    {
        var errors = new List<ToolArgumentError>();
        Check(schema, arguments, path: string.Empty, schema, errors);
        return errors;
    }

    private static void Check(JsonElement schema, JsonElement value, string path, JsonElement root, List<ToolArgumentError> errors)
    {
        schema = Resolve(schema, root);
        if (!schema.TryGetProperty("type", out _) || (value.ValueKind == JsonValueKind.Null && Allows(schema, "null")))
        {
            // A reference or a choice of schemas is left to the tool.
            return;
        }

        if (value.ValueKind == JsonValueKind.Object && Allows(schema, "object"))
        {
            CheckObject(schema, value, path, root, errors);
        }
        else if (value.ValueKind == JsonValueKind.Array && Allows(schema, "array"))
        {
            var index = 0;
            foreach (var item in value.EnumerateArray())
            {
                Check(schema.GetProperty("items"), item, $"{path}[{index++}]", root, errors);
            }
        }
        else if (!IsExpected(schema, value))
        {
            errors.Add(new ToolArgumentError(
                path.Length == 0 ? null : path, $"The argument '{path}' must be {Expected(schema)}, but it is {Given(value)}."));
        }
    }

    /// <summary>The schema that a reference means: the root, or a definition.</summary>
    private static JsonElement Resolve(JsonElement schema, JsonElement root) =>
        !schema.TryGetProperty("$ref", out var reference) || reference.GetString() is not { } target ? schema
        : target == "#" ? root
        : root.TryGetProperty("$defs", out var definitions) && definitions.TryGetProperty(target[(target.LastIndexOf('/') + 1)..], out var named) ? named
        : schema;

    private static void CheckObject(JsonElement schema, JsonElement value, string path, JsonElement root, List<ToolArgumentError> errors)
    {
        var properties = schema.GetProperty("properties");
        var prefix = path.Length == 0 ? path : path + ".";
        foreach (var property in properties.EnumerateObject())
        {
            if (value.TryGetProperty(property.Name, out var field))
            {
                Check(property.Value, field, prefix + property.Name, root, errors);
            }
            else if (Resolve(property.Value, root) is var wanted && !Allows(wanted, "null"))
            {
                errors.Add(new ToolArgumentError(
                    prefix + property.Name, $"The argument '{prefix}{property.Name}' is missing; it must be {Expected(wanted)}."));
            }
        }

        var known = string.Join(", ", properties.EnumerateObject().Select(property => property.Name));
        errors.AddRange(value.EnumerateObject()
            .Where(field => !properties.TryGetProperty(field.Name, out _))
            .Select(field => new ToolArgumentError(
                prefix + field.Name, $"There is no argument '{prefix}{field.Name}'; there are: {known}.")));
    }

    private static bool IsExpected(JsonElement schema, JsonElement value)
    {
        return value.ValueKind switch
        {
            JsonValueKind.String => Allows(schema, "string") && IsExpectedText(schema, value.GetString()!),
            JsonValueKind.Number => (Allows(schema, "number") || (Allows(schema, "integer") && value.TryGetInt64(out _)))
                && value.TryGetDecimal(out var number)
                && !(schema.TryGetProperty("minimum", out var least) && number < least.GetDecimal())
                && !(schema.TryGetProperty("maximum", out var most) && number > most.GetDecimal()),
            JsonValueKind.True or JsonValueKind.False => Allows(schema, "boolean"),
            _ => false,
        };
    }

    private static bool IsExpectedText(JsonElement schema, string text)
    {
        if (schema.TryGetProperty("enum", out var names))
        {
            return names.EnumerateArray().Any(name => name.ValueKind == JsonValueKind.String && name.ValueEquals(text));
        }

        if (IsDate(schema))
        {
            return DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
        }

        return !(schema.TryGetProperty("minLength", out var least) && text.Length < least.GetInt32())
            && !(schema.TryGetProperty("maxLength", out var most) && text.Length > most.GetInt32());
    }

    private static bool IsDate(JsonElement schema)
    {
        return schema.TryGetProperty("format", out var format) && format.ValueEquals("date");
    }

    private static bool Allows(JsonElement schema, string type)
    {
        if (!schema.TryGetProperty("type", out var types))
        {
            return true;
        }

        return types.ValueKind == JsonValueKind.Array
            ? types.EnumerateArray().Any(one => one.ValueEquals(type))
            : types.ValueEquals(type);
    }

    private static string Expected(JsonElement schema)
    {
        string what;
        if (schema.TryGetProperty("enum", out var names))
        {
            what = "one of " + string.Join(", ", names.EnumerateArray()
                .Where(name => name.ValueKind == JsonValueKind.String)
                .Select(name => $"'{name.GetString()}'"));
        }
        else if (IsDate(schema))
        {
            what = "a date like '2026-11-30'";
        }
        else if (Allows(schema, "string"))
        {
            what = "a text" + Limits(schema, "minLength", "maxLength", " characters");
        }
        else if (Allows(schema, "integer") || Allows(schema, "number"))
        {
            what = (Allows(schema, "integer") ? "a whole number" : "a number") + Limits(schema, "minimum", "maximum", string.Empty);
        }
        else if (Allows(schema, "boolean"))
        {
            what = "true or false";
        }
        else
        {
            what = Allows(schema, "array") ? "a list" : "an object";
        }

        return Allows(schema, "null") ? what + ", or null" : what;
    }

    private static string Limits(JsonElement schema, string least, string most, string unit)
    {
        if (!schema.TryGetProperty(least, out var low) || !schema.TryGetProperty(most, out var high))
        {
            return string.Empty;
        }

        return unit.Length == 0 ? $" from {low} to {high}" : $" of {low} to {high}{unit}";
    }

    private static string Given(JsonElement value)
    {
        return value.ValueKind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "a list",
            JsonValueKind.String when value.GetString()!.Length > 40 => $"a text of {value.GetString()!.Length} characters",
            JsonValueKind.String => $"the text '{value.GetString()}'",
            JsonValueKind.Number when value.GetRawText().Length > 40 => "a number that is too long",
            _ => value.GetRawText(),
        };
    }
}
