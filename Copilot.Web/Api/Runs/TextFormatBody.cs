using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Copilot.Web.Api.Runs;

/// <summary>
/// Reads <c>text.format</c> of a body: the API's own format for structured output, passed on as it is once it makes sense. What
/// the upstream thinks of a schema it says itself; the run then fails with its words.
/// </summary>
internal static partial class TextFormatBody
{
    private const int MaxBytes = 256 * 1024;
    private const int MaxDescription = 10_000;

    /// <summary>The format as UTF-8 JSON; empty for prose.</summary>
    /// <exception cref="BodyException">It cannot be used; 422 where it is JSON of the right shape and means nothing.</exception>
    public static ReadOnlyMemory<byte> Read(JsonElement body)
    {
        if (!body.TryGetProperty("text", out var text) || text.ValueKind is JsonValueKind.Null)
        {
            return default;
        }

        if (text.ValueKind is not JsonValueKind.Object)
        {
            throw new BodyException("'text' must be an object, like {\"format\": {\"type\": \"json_schema\", …}}.");
        }

        if (!text.TryGetProperty("format", out var format) || format.ValueKind is JsonValueKind.Null)
        {
            return default;
        }

        if (format.ValueKind is not JsonValueKind.Object)
        {
            throw new BodyException("'text.format' must be an object with a 'type'.");
        }

        switch (RequestBody.OptionalText(format, "type"))
        {
            case "text":
                return default;
            case "json_object":
                break;
            case "json_schema":
                CheckSchema(format);
                break;
            case null:
                throw new BodyException("'text.format.type' is missing: send json_schema, json_object or text.");
            default:
                throw new BodyException("'text.format.type' must be json_schema, json_object or text.") { IsUnusable = true };
        }

        var json = Encoding.UTF8.GetBytes(format.GetRawText());
        return json.Length <= MaxBytes
            ? json
            : throw new BodyException($"'text.format' may have {MaxBytes:N0} bytes; this one has {json.Length:N0}.") { IsUnusable = true };
    }

    private static void CheckSchema(JsonElement format)
    {
        if (RequestBody.OptionalText(format, "name") is not { } name)
        {
            throw new BodyException("'text.format.name' is missing: give the schema a name.");
        }

        if (!NamePattern().IsMatch(name))
        {
            throw new BodyException("'text.format.name' takes 1 to 64 letters, digits, '_' and '-'.") { IsUnusable = true };
        }

        if (!format.TryGetProperty("schema", out var schema) || schema.ValueKind is JsonValueKind.Null)
        {
            throw new BodyException("'text.format.schema' is missing: send a JSON schema.");
        }

        if (schema.ValueKind is not JsonValueKind.Object)
        {
            throw new BodyException("'text.format.schema' must be an object.");
        }

        if (format.TryGetProperty("strict", out var strict) && strict.ValueKind is not (JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null))
        {
            throw new BodyException("'text.format.strict' must be true or false.");
        }

        if (RequestBody.OptionalText(format, "description") is { Length: > MaxDescription })
        {
            throw new BodyException($"'text.format.description' may have {MaxDescription:N0} characters.") { IsUnusable = true };
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,64}\z")]
    private static partial Regex NamePattern();
}
