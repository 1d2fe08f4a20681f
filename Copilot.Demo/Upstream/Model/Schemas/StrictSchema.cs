using System.Text.Json;
using Copilot.Demo.Upstream.Protocol;
namespace Copilot.Demo.Upstream.Model.Schemas;

/// <summary>
/// What <c>strict: true</c> demands of a schema: the root is an object, and every object closes itself
/// (<c>additionalProperties: false</c>) and requires all its properties.
/// </summary>
internal static class StrictSchema
{
    private const int MaxDepth = 32;

    private static readonly string[] s_definitions = ["$defs", "definitions"];

    /// <summary>The schema's error, in one sentence, or null.</summary>
    public static string? Flaw(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object || schema.Text("type") != "object")
        {
            return "schema must be a JSON Schema of 'type: \"object\"'.";
        }

        return FlawIn(schema, "()", depth: 0);
    }

    private static string? FlawIn(JsonElement schema, string context, int depth)
    {
        if (schema.ValueKind != JsonValueKind.Object || depth > MaxDepth)
        {
            return $"In context={context}, schema must be an object.";
        }

        if (schema.Member("properties") is { ValueKind: JsonValueKind.Object } properties)
        {
            if (!schema.IsFalse("additionalProperties"))
            {
                return $"In context={context}, 'additionalProperties' is required to be supplied and to be false.";
            }

            var required = schema.Member("required") is { ValueKind: JsonValueKind.Array } names
                ? names.EnumerateArray().Select(name => name.GetString()).ToHashSet()
                : [];
            foreach (var property in properties.EnumerateObject())
            {
                if (!required.Contains(property.Name))
                {
                    return $"In context={context}, 'required' is required to be supplied and to be an array including every key in properties. Missing '{property.Name}'.";
                }

                if (FlawIn(property.Value, $"('properties', '{property.Name}')", depth + 1) is { } flaw)
                {
                    return flaw;
                }
            }
        }

        if (schema.Member("items") is { } items && FlawIn(items, "('items')", depth + 1) is { } itemFlaw)
        {
            return itemFlaw;
        }

        if (schema.Member("anyOf") is { ValueKind: JsonValueKind.Array } branches)
        {
            foreach (var branch in branches.EnumerateArray())
            {
                if (FlawIn(branch, "('anyOf')", depth + 1) is { } flaw)
                {
                    return flaw;
                }
            }
        }

        foreach (var keyword in s_definitions)
        {
            if (schema.Member(keyword) is { ValueKind: JsonValueKind.Object } definitions)
            {
                foreach (var definition in definitions.EnumerateObject())
                {
                    if (FlawIn(definition.Value, $"('{keyword}', '{definition.Name}')", depth + 1) is { } flaw)
                    {
                        return flaw;
                    }
                }
            }
        }

        return null;
    }
}
