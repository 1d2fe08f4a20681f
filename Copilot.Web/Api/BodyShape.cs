using System.Reflection;
using System.Text.Json;

namespace Copilot.Web.Api;

/// <summary>Says what is wrong with a body that does not become its record, in the words of its fields.</summary>
internal static class BodyShape
{
    /// <summary>The problem with a body that could not be made a record.</summary>
    /// <param name="bytes">The body.</param>
    /// <param name="type">The record.</param>
    /// <param name="path">Where the serializer stopped (<c>$.text.format</c>); null for the body itself.</param>
    public static IResult Problem(ReadOnlyMemory<byte> bytes, Type type, string? path)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return document.RootElement.ValueKind is JsonValueKind.Object
                ? ProblemOf(document.RootElement, type, (path ?? "$").Split('.', '[')[1..])
                : ApiProblem.BadRequest(ApiText.NotAnObject);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The second: half of a character in a name.
            return ApiProblem.BadRequest(ApiText.InvalidJson);
        }
    }

    /// <summary>A field as clients write it: <c>text.format</c> for <c>Text.Format</c>.</summary>
    public static string FieldOf(string path) => string.Join('.', path.Split('.').Select(JsonNamingPolicy.SnakeCaseLower.ConvertName));

    /// <summary>False where half of a character (<c>"\ud800"</c>) stands in a text or a name of JSON that is passed on as it came: reading that would fail.</summary>
    public static bool IsUnicode(JsonElement element)
    {
        try
        {
            return element.ValueKind switch
            {
                JsonValueKind.String => element.GetString() is not null,
                JsonValueKind.Array => element.EnumerateArray().All(IsUnicode),
                JsonValueKind.Object => element.EnumerateObject().All(member => member.Name is not null && IsUnicode(member.Value)),
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    // Goes down as far as the fields are known; what is inside an open one counts as its own.
    private static IResult ProblemOf(JsonElement element, Type type, string[] path)
    {
        var field = "";
        PropertyInfo? property = null;
        foreach (var name in path)
        {
            if (Find(type, name) is not { } next || element.ValueKind is not JsonValueKind.Object || !element.TryGetProperty(name, out var inner))
            {
                break;
            }

            (property, type, element) = (next, next.PropertyType, inner);
            field = field.Length == 0 ? name : $"{field}.{name}";
        }

        return property is null
            ? ApiProblem.BadRequest(ApiText.BodyUnknown)
            : ApiProblem.OfField(
                StatusCodes.Status400BadRequest,
                field,
                HasShape(element, type) ? ApiText.NotUnicode(field) : $"'{field}' must be {FormOf(property)}.");
    }

    private static PropertyInfo? Find(Type type, string name) =>
        Array.Find(type.GetProperties(), property => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name) == name);

    private static bool HasShape(JsonElement element, Type type) => element.ValueKind switch
    {
        JsonValueKind.String => type == typeof(string),
        JsonValueKind.Array => type == typeof(IReadOnlyList<string>) && element.EnumerateArray().All(item => item.ValueKind is JsonValueKind.String),
        JsonValueKind.Object => type == typeof(IReadOnlyDictionary<string, string>)
            && element.EnumerateObject().All(item => item.Value.ValueKind is JsonValueKind.String),
        _ => false,
    };

    private static string FormOf(PropertyInfo property) =>
        property.GetCustomAttribute<MustBeAttribute>()?.Form
        ?? (property.PropertyType == typeof(string) ? "a string"
            : property.PropertyType == typeof(bool?) ? "true or false"
            : property.PropertyType == typeof(int?) || property.PropertyType == typeof(long?) ? "a whole number"
            : property.PropertyType == typeof(decimal?) || property.PropertyType == typeof(double?) ? "a number"
            : "an object");
}
