using System.Text.Json;
using Copilot.Demo.Upstream.Protocol;

namespace Copilot.Demo.Upstream.Model.Schemas;

/// <summary>Follows the references of a schema, and finds where a recursive one may end.</summary>
internal sealed class RecursiveSchema(JsonElement root)
{
    /// <summary>The reference to the schema itself.</summary>
    public const string Root = "#";

    // As deep as an instance may be; what is deeper is refused when it is made.
    private const int MaxDepth = 24;

    private readonly HashSet<string> _followed = [];

    public static UnsupportedSchemaException Endless() => new("It refers to itself without an end, so nothing matches it.");

    public static bool Requires(JsonElement schema, string property) =>
        schema.Member("required") is { ValueKind: JsonValueKind.Array } names
        && names.EnumerateArray().Any(name => name.ValueKind == JsonValueKind.String && name.ValueEquals(property));

    /// <summary>Does something with what a reference refers to, while that counts as followed.</summary>
    /// <exception cref="UnsupportedSchemaException">It refers to nothing, or is being followed already.</exception>
    public T Within<T>(string reference, Func<JsonElement, T> action)
    {
        var target = Resolve(reference);
        if (!_followed.Add(reference))
        {
            throw Endless();
        }

        try
        {
            return action(target);
        }
        finally
        {
            _followed.Remove(reference);
        }
    }

    /// <summary>Whether this part has an instance that follows no reference again that is being followed now.</summary>
    public bool Ends(JsonElement schema) => Ends(schema, depth: 0);

    /// <summary>The same for an object's properties, whatever else the schema allows.</summary>
    public bool PropertiesEnd(JsonElement schema) => PropertiesEnd(schema, depth: 0);

    private bool Ends(JsonElement schema, int depth)
    {
        if (schema.ValueKind != JsonValueKind.Object || depth > MaxDepth)
        {
            return true;
        }

        if (schema.Text("$ref") is { } reference)
        {
            return !_followed.Contains(reference) && Within(reference, target => Ends(target, depth + 1));
        }

        if (schema.Member("anyOf") is { ValueKind: JsonValueKind.Array } branches && branches.GetArrayLength() > 0)
        {
            return branches.EnumerateArray().Any(branch => Ends(branch, depth + 1));
        }

        if (schema.Member("type") is { ValueKind: JsonValueKind.Array } types && types.EnumerateArray().Any(type => type.ValueEquals("null")))
        {
            return true;
        }

        var needsItems = schema.Member("minItems") is { ValueKind: JsonValueKind.Number } least && least.TryGetInt32(out var count) && count > 0;
        return PropertiesEnd(schema, depth) && (!needsItems || schema.Member("items") is not { } items || Ends(items, depth + 1));
    }

    private bool PropertiesEnd(JsonElement schema, int depth) =>
        schema.Member("properties") is not { ValueKind: JsonValueKind.Object } properties
        || properties.EnumerateObject().All(property => !Requires(schema, property.Name) || Ends(property.Value, depth + 1));

    private JsonElement Resolve(string reference)
    {
        if (reference == Root)
        {
            return root;
        }

        if (!reference.StartsWith("#/", StringComparison.Ordinal))
        {
            throw new UnsupportedSchemaException($"Reference '{reference}' is not supported.");
        }

        var target = root;
        foreach (var step in reference[2..].Split('/'))
        {
            var name = step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            target = target.Member(name) ?? throw new UnsupportedSchemaException($"Reference '{reference}' can not be resolved.");
        }

        return target;
    }
}
