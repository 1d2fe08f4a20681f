using System.Text.Json;

namespace Copilot.Web.Api.Runs;

/// <summary>The body of <c>POST /api/runs</c>. Fields that are not known are ignored.</summary>
internal sealed record CreateRunBody(
    string Input, string? SessionId, IReadOnlyDictionary<string, string> Metadata, IReadOnlyList<string> FileIds, long? BudgetMicros)
{
    /// <summary>The format the answer must have (<c>text.format</c>) as UTF-8 JSON; empty for prose.</summary>
    public ReadOnlyMemory<byte> TextFormat { get; init; }

    // The upstream's own limits on metadata; checked here, because there they would fail the run.
    internal const int MaxMetadataPairs = 16;
    internal const int MaxMetadataKeyLength = 64;
    internal const int MaxMetadataValueLength = 512;

    /// <summary>Reads it from JSON.</summary>
    /// <exception cref="BodyException">Something is missing or wrong.</exception>
    public static CreateRunBody Read(JsonElement body)
    {
        var input = RequestBody.OptionalText(body, "input");
        var files = ReadFiles(body);
        if (string.IsNullOrWhiteSpace(input) && files.Count == 0)
        {
            throw new BodyException(ApiText.InputMissing);
        }

        return new CreateRunBody(input ?? "", RequestBody.OptionalText(body, "session_id"), ReadMetadata(body), files, AmountOfMoney.Optional(body, "budget"))
        {
            TextFormat = TextFormatBody.Read(body),
        };
    }

    private static List<string> ReadFiles(JsonElement body)
    {
        if (!body.TryGetProperty("files", out var value) || value.ValueKind is JsonValueKind.Null)
        {
            return [];
        }

        return value.ValueKind is JsonValueKind.Array && value.EnumerateArray().All(id => id.ValueKind is JsonValueKind.String)
            ? [.. value.EnumerateArray().Select(id => RequestBody.Text(id, "files"))]
            : throw new BodyException(ApiText.FilesInvalid);
    }

    private static Dictionary<string, string> ReadMetadata(JsonElement body)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!body.TryGetProperty("metadata", out var value) || value.ValueKind is JsonValueKind.Null)
        {
            return metadata;
        }

        if (value.ValueKind is not JsonValueKind.Object)
        {
            throw new BodyException(ApiText.MetadataInvalid);
        }

        foreach (var pair in value.EnumerateObject())
        {
            if (pair.Value.ValueKind is not JsonValueKind.String)
            {
                throw new BodyException(ApiText.MetadataInvalid);
            }

            var text = RequestBody.Text(pair.Value, "metadata");
            if (Name(pair) is not { Length: > 0 and <= MaxMetadataKeyLength } name || text.Length > MaxMetadataValueLength)
            {
                throw new BodyException(ApiText.MetadataLength(MaxMetadataKeyLength, MaxMetadataValueLength));
            }

            metadata[name] = text;
        }

        return metadata.Count <= MaxMetadataPairs
            ? metadata
            : throw new BodyException(ApiText.MetadataPairs(MaxMetadataPairs));
    }

    private static string Name(JsonProperty pair)
    {
        try
        {
            return pair.Name;
        }
        catch (InvalidOperationException)
        {
            throw new BodyException(ApiText.MetadataNotUnicode);
        }
    }
}
