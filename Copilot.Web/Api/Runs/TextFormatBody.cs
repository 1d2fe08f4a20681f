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
            throw new BodyException(ApiText.TextInvalid);
        }

        if (!text.TryGetProperty("format", out var format) || format.ValueKind is JsonValueKind.Null)
        {
            return default;
        }

        if (format.ValueKind is not JsonValueKind.Object)
        {
            throw new BodyException(ApiText.FormatInvalid);
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
                throw new BodyException(ApiText.FormatTypeMissing);
            default:
                throw new BodyException(ApiText.FormatTypeInvalid) { IsUnusable = true };
        }

        var json = Encoding.UTF8.GetBytes(format.GetRawText());
        return json.Length <= MaxBytes
            ? json
            : throw new BodyException(ApiText.FormatTooLarge(MaxBytes, json.Length)) { IsUnusable = true };
    }

    private static void CheckSchema(JsonElement format)
    {
        if (RequestBody.OptionalText(format, "name") is not { } name)
        {
            throw new BodyException(ApiText.FormatNameMissing);
        }

        if (!NamePattern().IsMatch(name))
        {
            throw new BodyException(ApiText.FormatNameInvalid) { IsUnusable = true };
        }

        if (!format.TryGetProperty("schema", out var schema) || schema.ValueKind is JsonValueKind.Null)
        {
            throw new BodyException(ApiText.SchemaMissing);
        }

        if (schema.ValueKind is not JsonValueKind.Object)
        {
            throw new BodyException(ApiText.SchemaInvalid);
        }

        if (format.TryGetProperty("strict", out var strict) && strict.ValueKind is not (JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null))
        {
            throw new BodyException(ApiText.StrictInvalid);
        }

        if (RequestBody.OptionalText(format, "description") is { Length: > MaxDescription })
        {
            throw new BodyException(ApiText.TooLong("text.format.description", MaxDescription)) { IsUnusable = true };
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,64}\z")]
    private static partial Regex NamePattern();
}
