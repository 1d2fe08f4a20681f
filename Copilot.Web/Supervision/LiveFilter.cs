using System.Collections.Immutable;
using Microsoft.AspNetCore.WebUtilities;

namespace Copilot.Web.Supervision;

/// <summary>
/// Which rows a viewer wants, as it stands in an address: <c>?q=pump&amp;agent=Copilot&amp;state!=working</c>. Conditions on one field
/// with "is" are alternatives; all others hold together.
/// </summary>
public sealed record LiveFilter
{
    private const string SearchKey = "q";
    private const int MaxConditions = 30;
    private const int MaxLength = 200;

    /// <summary>Every row.</summary>
    public static LiveFilter All { get; } = new();

    /// <summary>Words that a row has in its names, its question or its last words; empty for none.</summary>
    public string Search { get; init; } = "";

    /// <summary>The conditions, in the order in which they were set.</summary>
    public ImmutableArray<LiveCondition> Conditions { get; init; } = [];

    /// <summary>True when it lets every row through.</summary>
    public bool IsEmpty => Search.Length == 0 && Conditions.IsEmpty;

    /// <summary>Reads an address's query. What is no condition is left out.</summary>
    public static LiveFilter Parse(string query)
    {
        var conditions = ImmutableArray.CreateBuilder<LiveCondition>();
        var search = "";
        foreach (var (key, values) in QueryHelpers.ParseQuery(query))
        {
            foreach (var value in values.OfType<string>().Select(value => value.Trim()).Where(value => value.Length is > 0 and <= MaxLength))
            {
                if (key.Equals(SearchKey, StringComparison.OrdinalIgnoreCase))
                {
                    search = value;
                }
                else if (conditions.Count < MaxConditions && FieldOf(key.TrimEnd('!')) is { } field)
                {
                    conditions.Add(new LiveCondition(field, key.EndsWith('!'), value));
                }
            }
        }

        return new LiveFilter { Search = search, Conditions = conditions.ToImmutable() };
    }

    /// <summary>The address's query with its question mark; empty for every row.</summary>
    public string ToQuery() => QueryHelpers.AddQueryString("", Pairs());

    /// <summary>Its parts as they stand in an address.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Pairs()
    {
        if (Search.Length > 0)
        {
            yield return new(SearchKey, Search);
        }

        foreach (var condition in Conditions)
        {
            yield return new(condition.Key, condition.Value);
        }
    }

    /// <summary>With one more condition; the same one twice is one.</summary>
    public LiveFilter With(LiveCondition condition) => Conditions.Contains(condition) ? this : this with { Conditions = Conditions.Add(condition) };

    /// <summary>Without a condition.</summary>
    public LiveFilter Without(LiveCondition condition) => this with { Conditions = Conditions.Remove(condition) };

    /// <summary>Whether it lets a row through.</summary>
    public bool Holds(LiveRow row, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(row);
        return Finds(row)
            && Conditions.Where(condition => condition.IsNot).All(condition => condition.Holds(row, now))
            && Conditions.Where(condition => !condition.IsNot).GroupBy(condition => condition.Field).All(field => field.Any(condition => condition.Holds(row, now)));
    }

    private bool Finds(LiveRow row) => Search.Length == 0 || Search
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .All(word => ((string[])[row.PersonName, row.TeamName, row.Run.AgentName, row.Run.Input, row.Run.LastWords, row.RunId])
            .Any(text => text.Contains(word, StringComparison.OrdinalIgnoreCase)));

    private static LiveField? FieldOf(string key) =>
        Enum.TryParse<LiveField>(key, ignoreCase: true, out var field) && !char.IsAsciiDigit(key[0]) && Enum.IsDefined(field) ? field : null;
}
