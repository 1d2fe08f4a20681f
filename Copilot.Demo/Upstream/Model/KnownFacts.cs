using System.Text.Json;
using System.Text.Json.Nodes;
using Copilot.Demo.Upstream.Protocol;
namespace Copilot.Demo.Upstream.Model;

/// <summary>
/// What is known when a call's arguments are filled: explicit values, and rows that tools returned. Names are matched by meaning: a value
/// set as <c>note</c> also fills <c>text</c> or <c>comment</c>.
/// </summary>
internal sealed class KnownFacts
{
    private static readonly string[][] s_meanings =
    [
        ["query", "q", "search", "term", "searchterm", "keyword", "keywords", "name", "searchtext"],
        ["note", "notes", "text", "body", "comment", "description", "reason", "details", "message", "content", "purpose"],
        ["from", "start", "startsafter", "earliest", "datefrom", "fromdate", "startdate", "after", "notbefore", "begin", "windowstart", "day", "date"],
        ["to", "end", "until", "latest", "dateto", "todate", "enddate", "before", "notafter", "windowend"],
        ["quantity", "qty", "count", "amount", "units"],
        ["instockonly", "onlyinstock", "availableonly", "instock"],
        ["skill", "category", "trade", "requiredskill", "specialty", "speciality", "expertise"],
        ["area", "region", "district", "zone", "city", "location", "site", "town"],
        ["partid", "part", "itemid"],
        ["customerid", "customer", "clientid", "accountid"],
        ["slotid", "slot"],
        ["reservationid", "reservation", "partreservationid"],
    ];

    private readonly Dictionary<string, JsonNode> _stated = [];
    private readonly List<JsonElement> _rows = [];

    /// <summary>Sets an explicit value; null is ignored.</summary>
    public KnownFacts Set(string name, JsonNode? value)
    {
        if (value is not null)
        {
            _stated[Key(name)] = value;
        }

        return this;
    }

    /// <summary>Adds a row whose properties may fill arguments; later rows win.</summary>
    public KnownFacts AddRow(JsonElement? row)
    {
        if (row is { ValueKind: JsonValueKind.Object } value)
        {
            _rows.Insert(0, value);
        }

        return this;
    }

    /// <summary>The value for an argument of this name, or null.</summary>
    public JsonNode? Find(string name)
    {
        var key = Key(name);
        if (_stated.TryGetValue(key, out var stated))
        {
            return stated.DeepClone();
        }

        var meaning = s_meanings.FirstOrDefault(names => names.Contains(key)) ?? [key];
        return InRows([key]) ?? FindStated(meaning) ?? (key is "name" or "query" ? null : InRows(meaning));
    }

    /// <summary>True when one of the rows contains this word.</summary>
    public bool Mentions(string word) => _rows.Any(row => row.EnumerateObject().Any(property =>
        property.Value.ValueKind == JsonValueKind.String
        && property.Value.GetString()!.Contains(word.Replace('_', ' '), StringComparison.OrdinalIgnoreCase)));

    private JsonNode? FindStated(string[] meaning) =>
        meaning.Select(name => _stated.GetValueOrDefault(name)).FirstOrDefault(value => value is not null)?.DeepClone();

    private JsonNode? InRows(string[] names)
    {
        foreach (var row in _rows)
        {
            foreach (var property in row.EnumerateObject())
            {
                if (names.Contains(Key(property.Name)) && property.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
                {
                    return JsonText.ToNode(property.Value);
                }
            }
        }

        return null;
    }

    private static string Key(string name) => string.Concat(ToolRole.Words(name));
}
