using System.Text.Json;

namespace Copilot.Domain.Tools.Schemas;

/// <summary>
/// Checks a JSON schema against the strict subset that function tools allow: the root is an object, every object is
/// closed and requires all its properties, every array says its items, and no keyword is used that strict refuses.
/// </summary>
internal static class StrictSchema
{
    private static readonly string[] s_types = ["object", "array", "string", "number", "integer", "boolean", "null"];

    private static readonly string[] s_refused =
    [
        "allOf", "oneOf", "not", "if", "then", "else", "patternProperties", "dependentRequired", "dependentSchemas",
        "prefixItems", "minLength", "maxLength",
    ];

    public static IReadOnlyList<string> ErrorsOf(JsonElement schema)
    {
        var errors = new List<string>();
        if (schema.ValueKind != JsonValueKind.Object)
        {
            return ["the schema is not a JSON object."];
        }

        if (!schema.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String || !type.ValueEquals("object"))
        {
            errors.Add("the root is not of type 'object'.");
        }

        Check(schema, "the root", schema, errors);
        return errors;
    }

    private static void Check(JsonElement node, string at, JsonElement root, List<string> errors)
    {
        if (node.ValueKind != JsonValueKind.Object)
        {
            errors.Add($"{at} is not a schema object.");
            return;
        }

        errors.AddRange(s_refused.Where(keyword => node.TryGetProperty(keyword, out _))
            .Select(keyword => $"{at} uses '{keyword}', which strict schemas do not allow."));

        if (node.TryGetProperty("$defs", out var definitions) && definitions.ValueKind == JsonValueKind.Object)
        {
            foreach (var definition in definitions.EnumerateObject())
            {
                Check(definition.Value, $"'$defs/{definition.Name}'", root, errors);
            }
        }

        if (node.TryGetProperty("$ref", out var reference))
        {
            CheckReference(reference, at, root, errors);
            return;
        }

        if (node.TryGetProperty("anyOf", out var branches))
        {
            CheckBranches(branches, at, root, errors);
            return;
        }

        CheckTypes(node, at, root, errors);
    }

    private static void CheckReference(JsonElement reference, string at, JsonElement root, List<string> errors)
    {
        const string Prefix = "#/$defs/";
        var target = reference.ValueKind == JsonValueKind.String ? reference.GetString()! : string.Empty;
        if (target != "#" && !(target.StartsWith(Prefix, StringComparison.Ordinal)
            && root.TryGetProperty("$defs", out var definitions)
            && definitions.ValueKind == JsonValueKind.Object
            && definitions.TryGetProperty(target[Prefix.Length..], out _)))
        {
            errors.Add($"{at} refers to '{target}', which is not defined.");
        }
    }

    private static void CheckBranches(JsonElement branches, string at, JsonElement root, List<string> errors)
    {
        if (branches.ValueKind != JsonValueKind.Array || branches.GetArrayLength() == 0)
        {
            errors.Add($"{at} has an 'anyOf' without branches.");
            return;
        }

        foreach (var branch in branches.EnumerateArray())
        {
            Check(branch, $"a branch of {at}", root, errors);
        }
    }

    private static void CheckTypes(JsonElement node, string at, JsonElement root, List<string> errors)
    {
        if (!node.TryGetProperty("type", out var type))
        {
            errors.Add($"{at} has no type.");
            return;
        }

        JsonElement[] types = type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray()] : [type];
        foreach (var one in types)
        {
            if (one.ValueKind != JsonValueKind.String || !s_types.Contains(one.GetString()))
            {
                errors.Add($"{at} has the unknown type {one.GetRawText()}.");
            }
            else if (one.ValueEquals("object"))
            {
                CheckObject(node, at, root, errors);
            }
            else if (one.ValueEquals("array"))
            {
                CheckItems(node, at, root, errors);
            }
        }
    }

    private static void CheckItems(JsonElement node, string at, JsonElement root, List<string> errors)
    {
        if (node.TryGetProperty("items", out var items))
        {
            Check(items, $"the items of {at}", root, errors);
        }
        else
        {
            errors.Add($"{at} is an array without 'items'.");
        }
    }

    private static void CheckObject(JsonElement node, string at, JsonElement root, List<string> errors)
    {
        if (!node.TryGetProperty("additionalProperties", out var additional) || additional.ValueKind != JsonValueKind.False)
        {
            errors.Add($"{at} is not closed with 'additionalProperties': false.");
        }

        if (!node.TryGetProperty("properties", out var properties) || properties.ValueKind != JsonValueKind.Object)
        {
            errors.Add($"{at} has no 'properties'.");
            return;
        }

        var required = node.TryGetProperty("required", out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Select(name => name.ToString()).ToHashSet(StringComparer.Ordinal)
            : [];
        foreach (var property in properties.EnumerateObject())
        {
            if (!required.Remove(property.Name))
            {
                errors.Add($"{at} does not require '{property.Name}'; make it nullable instead.");
            }

            Check(property.Value, $"'{property.Name}'", root, errors);
        }

        errors.AddRange(required.Select(name => $"{at} requires '{name}', which is not among its properties."));
    }
}
