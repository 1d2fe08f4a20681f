using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Copilot.Domain.Audit;

namespace Copilot.Web.Audit;

/// <summary>Entries of the access log as lines of a file.</summary>
internal static class AccessExport
{
    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The first line of the CSV.</summary>
    public static string CsvHeader { get; } = string.Join(',', Fields(null).Select(field => field.Name)) + "\r\n";

    /// <summary>An entry as a line of CSV (RFC 4180). A field that a spreadsheet would take for a formula begins with an apostrophe.</summary>
    public static string Csv(AccessRecord record) => string.Join(',', Fields(record).Select(field => Quote(field.Value))) + "\r\n";

    /// <summary>An entry as one JSON object on a line.</summary>
    public static string Json(AccessRecord record) =>
        JsonSerializer.Serialize(Fields(record).ToDictionary(field => field.Name, field => field.Value), s_json) + "\n";

    private static string Quote(string? value)
    {
        if (value is null)
        {
            return "";
        }

        var safe = value.Length > 0 && "=+-@\t\r".Contains(value[0], StringComparison.Ordinal) ? "'" + value : value;
        return $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static IEnumerable<(string Name, string? Value)> Fields(AccessRecord? record) =>
    [
        ("seq", record?.Seq.ToString(CultureInfo.InvariantCulture)),
        ("at", record?.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture)),
        ("action", record?.Entry.Action),
        ("actor_id", record?.Entry.ActorId),
        ("actor_name", record?.Entry.ActorName),
        ("actor_role", record?.Entry.ActorRole),
        ("key_id", record?.Entry.KeyId),
        ("address", record?.Entry.Address),
        ("object_id", record?.Entry.ObjectId),
        ("object_name", record?.Entry.ObjectName),
        ("owner_id", record?.Entry.OwnerId),
        ("reason", record?.Entry.Reason),
        ("before", record?.Entry.Before),
        ("after", record?.Entry.After),
        ("hash", record is null ? null : Convert.ToHexStringLower(record.Hash.Span)),
    ];
}
