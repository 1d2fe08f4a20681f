using System.Text.Json;

namespace Copilot.Domain.Supervision.Rules;

/// <summary>The values of a call's arguments that a condition looks at.</summary>
internal static class RuleArguments
{
    // Deeper than a model writes, and shallower than a stack is.
    private const int MaxDepth = 32;

    /// <summary>Every text, number and flag of an argument, as text; of all arguments where none is named. What is no JSON is one text.</summary>
    /// <param name="arguments">The arguments, as the model wrote them.</param>
    /// <param name="name">The argument, with dots for what is inside; null for any.</param>
    public static IReadOnlyList<string> ValuesOf(string arguments, string? name)
    {
        var values = new List<string>();
        try
        {
            using var document = JsonDocument.Parse(arguments, new JsonDocumentOptions { MaxDepth = MaxDepth });
            Add(values, document.RootElement, name is null ? [] : name.Split('.'), 0);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Free text, or a name that is not Unicode.
            if (name is null)
            {
                values.Add(arguments);
            }
        }

        return values;
    }

    private static void Add(List<string> values, JsonElement value, string[] path, int at)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Array:
                foreach (var one in value.EnumerateArray())
                {
                    Add(values, one, path, at);
                }

                break;
            case JsonValueKind.Object:
                foreach (var property in value.EnumerateObject())
                {
                    // A name that is given twice counts both times.
                    if (at >= path.Length)
                    {
                        Add(values, property.Value, path, at);
                    }
                    else if (property.NameEquals(path[at]))
                    {
                        Add(values, property.Value, path, at + 1);
                    }
                }

                break;
            case JsonValueKind.Null or JsonValueKind.Undefined:
                break;
            default:
                if (at >= path.Length)
                {
                    values.Add(value.ValueKind is JsonValueKind.String ? value.GetString() ?? "" : value.GetRawText());
                }

                break;
        }
    }
}
