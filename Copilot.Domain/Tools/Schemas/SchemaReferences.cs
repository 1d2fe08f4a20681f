using System.Text.Json.Nodes;

namespace Copilot.Domain.Tools.Schemas;

/// <summary>
/// Names the schemas that refer to themselves. The exporter refers to the place where a type stands first, which strict schemas do not
/// allow: only <c>#</c> and <c>#/$defs/…</c> are.
/// </summary>
internal static class SchemaReferences
{
    private const string Definitions = "#/$defs/";

    /// <summary>The schema with every type that is referred to in <c>$defs</c>.</summary>
    public static JsonNode ToDefinitions(JsonNode schema)
    {
        var targets = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Collect(schema, targets);
        targets.Remove("#");
        if (targets.Count == 0 || schema is not JsonObject)
        {
            return schema;
        }

        var number = 0;
        foreach (var target in targets.Keys.ToArray())
        {
            targets[target] = $"type_{++number}";
        }

        var definitions = new JsonObject();
        var root = (JsonObject)Copy(schema, "#", targets, definitions, isTarget: false)!;
        root["$defs"] = definitions;
        return root;
    }

    private static void Collect(JsonNode? node, SortedDictionary<string, string> targets)
    {
        if (node is JsonObject schema)
        {
            if (schema["$ref"] is JsonValue reference && reference.TryGetValue(out string? target))
            {
                targets[target] = "";
            }

            foreach (var (_, value) in schema)
            {
                Collect(value, targets);
            }
        }
        else if (node is JsonArray array)
        {
            foreach (var item in array)
            {
                Collect(item, targets);
            }
        }
    }

    private static JsonNode? Copy(JsonNode? node, string at, SortedDictionary<string, string> targets, JsonObject definitions, bool isTarget)
    {
        if (!isTarget && targets.TryGetValue(at, out var name))
        {
            definitions[name] = Copy(node, at, targets, definitions, isTarget: true);
            return new JsonObject { ["$ref"] = Definitions + name };
        }

        switch (node)
        {
            case JsonObject schema:
                var copied = new JsonObject();
                foreach (var (key, value) in schema)
                {
                    copied[key] = key == "$ref" && value is JsonValue text && text.TryGetValue(out string? target) && targets.TryGetValue(target, out var named)
                        ? Definitions + named
                        : Copy(value, $"{at}/{key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}", targets, definitions, isTarget: false);
                }

                return copied;
            case JsonArray array:
                return new JsonArray([.. array.Select((item, index) => Copy(item, $"{at}/{index}", targets, definitions, isTarget: false))]);
            default:
                return node?.DeepClone();
        }
    }
}
