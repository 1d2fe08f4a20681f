using System.Collections.Immutable;
using Microsoft.AspNetCore.WebUtilities;

namespace Copilot.Web.Storage.Search;

/// <summary>
/// Which runs are wanted, as it stands in an address: <c>?q=pump&amp;agent=Copilot&amp;state!=failed&amp;cost=0.5</c>. Conditions on one
/// field with "is" are alternatives; all others hold together.
/// </summary>
public sealed record RunFilter
{
    /// <summary>The name of the search in an address.</summary>
    public const string SearchKey = "q";

    private const int MaxConditions = 30;
    private const int MaxLength = 200;

    /// <summary>Every run.</summary>
    public static RunFilter All { get; } = new();

    /// <summary>What is looked for in what runs say; empty for nothing.</summary>
    public string Search { get; init; } = "";

    /// <summary>The conditions, in the order in which they were set.</summary>
    public ImmutableArray<RunCondition> Conditions { get; init; } = [];

    /// <summary>True when it lets every run through.</summary>
    public bool IsEmpty => Search.Length == 0 && Conditions.IsEmpty;

    /// <summary>True where words are looked for and there is none among them, as with an emoji alone: it finds nothing.</summary>
    public bool IsWithoutWords => SearchTerm.IsWithoutWords(Search);

    /// <summary>Reads an address's query. What is no condition is left out.</summary>
    public static RunFilter Parse(string query)
    {
        var conditions = ImmutableArray.CreateBuilder<RunCondition>();
        var search = "";
        foreach (var (key, values) in QueryHelpers.ParseQuery(query))
        {
            foreach (var value in values.OfType<string>().Select(value => value.Trim()).Where(value => value.Length > 0))
            {
                if (key.Equals(SearchKey, StringComparison.OrdinalIgnoreCase))
                {
                    search = value.Length > SearchTerm.MaxSearch ? value[..SearchTerm.MaxSearch] : value;
                }
                else if (conditions.Count < MaxConditions && value.Length <= MaxLength && FieldOf(key) is { } field
                    && new RunCondition(field, key.EndsWith('!'), value) is { IsValid: true } condition && !conditions.Contains(condition))
                {
                    conditions.Add(condition);
                }
            }
        }

        return new RunFilter { Search = search, Conditions = conditions.ToImmutable() };
    }

    /// <summary>The field that a name in an address stands for, or null.</summary>
    public static RunField? FieldOf(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var name = key.EndsWith('!') ? key[..^1] : key;
        return name.Length > 0 && name.All(char.IsAsciiLetter) && Enum.TryParse<RunField>(name, ignoreCase: true, out var field) ? field : null;
    }

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

    /// <summary>The address's query with its question mark; empty for every run.</summary>
    public string ToQuery() => QueryHelpers.AddQueryString("", Pairs());

    /// <summary>With one more condition; the same one twice is one.</summary>
    public RunFilter With(RunCondition condition) => Conditions.Contains(condition) ? this : this with { Conditions = Conditions.Add(condition) };

    /// <summary>Without a condition.</summary>
    public RunFilter Without(RunCondition condition) => this with { Conditions = Conditions.Remove(condition) };
}
