using System.Text.Json;

namespace Copilot.Domain.Tools.Schemas;

/// <summary>
/// Reads the arguments of a call. A name that is given twice is refused: a person would see one value, and the tool might take the
/// other. So is half of a character: nobody can read such a text, and who tries fails.
/// </summary>
internal static class ToolJson
{
    /// <summary>The arguments as an object, or what is wrong with them. Some models send an empty text where there are none.</summary>
    public static bool TryRead(string text, out JsonElement arguments, out ToolArgumentError? error)
    {
        arguments = default;
        try
        {
            using var document = JsonDocument.Parse(string.IsNullOrWhiteSpace(text) ? "{}" : text);
            error = document.RootElement.ValueKind is JsonValueKind.Object
                ? FindTwice(document.RootElement, "") is { } name
                    ? new ToolArgumentError(name, $"The argument '{name}' is given twice.")
                    : FindHalf(document.RootElement, "")
                : new ToolArgumentError(null, "The arguments are not a JSON object.");
            if (error is null)
            {
                arguments = document.RootElement.Clone();
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not JSON, or a name that is not Unicode.
            error = new ToolArgumentError(null, "The arguments are not valid JSON.");
        }

        return error is null;
    }

    private static ToolArgumentError? FindHalf(JsonElement value, string path)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String when !IsUnicode(value):
                return new ToolArgumentError(path, $"The argument '{path}' holds half of a character. Write the text again.");
            case JsonValueKind.Array:
                return value.EnumerateArray().Select((item, index) => FindHalf(item, $"{path}[{index}]")).FirstOrDefault(found => found is not null);
            case JsonValueKind.Object:
                return value.EnumerateObject()
                    .Select(member => FindHalf(member.Value, path.Length == 0 ? member.Name : $"{path}.{member.Name}"))
                    .FirstOrDefault(found => found is not null);
            default:
                return null;
        }
    }

    private static bool IsUnicode(JsonElement text)
    {
        try
        {
            return text.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static string? FindTwice(JsonElement value, string path)
    {
        if (value.ValueKind is JsonValueKind.Array)
        {
            return value.EnumerateArray().Select((item, index) => FindTwice(item, $"{path}[{index}]")).FirstOrDefault(found => found is not null);
        }

        if (value.ValueKind is not JsonValueKind.Object)
        {
            return null;
        }

        var names = new HashSet<string>();
        foreach (var member in value.EnumerateObject())
        {
            var name = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
            if (!names.Add(member.Name))
            {
                return name;
            }

            if (FindTwice(member.Value, name) is { } found)
            {
                return found;
            }
        }

        return null;
    }
}
