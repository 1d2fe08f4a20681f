using System.Globalization;
using Copilot.Web.Storage.Search;
using Microsoft.AspNetCore.WebUtilities;

namespace Copilot.Web.Sessions.Finding;

/// <summary>What the page of runs shows, as it stands in its address.</summary>
/// <param name="Filter">Which runs.</param>
/// <param name="Sort">Sorted by what.</param>
/// <param name="IsAscending">True for the smallest or oldest first.</param>
/// <param name="BySession">True where they are grouped by conversation.</param>
/// <param name="Shown">How many rows are shown.</param>
public sealed record RunListRequest(RunFilter Filter, RunSort Sort, bool IsAscending, bool BySession, int Shown)
{
    /// <summary>Rows of one page.</summary>
    public const int Page = 50;

    // A year that dates can have.
    private const long MaxMilliseconds = 32_503_680_000_000;

    /// <summary>Most rows that are shown at once when somebody comes back.</summary>
    public const int MaxShown = 500;

    /// <summary>
    /// When the list was read that a run was opened from, where the list is about what was seen: what is opened since counts as it did
    /// then, so that the list stays the same while somebody goes through it.
    /// </summary>
    public DateTimeOffset? SeenBefore { get; init; }

    /// <summary>Reads an address's query. What it does not know is left out.</summary>
    public static RunListRequest Parse(string query)
    {
        var values = QueryHelpers.ParseQuery(query);
        string? Value(string key) => values.TryGetValue(key, out var found) ? found.FirstOrDefault() : null;
        var sort = Enum.GetValues<RunSort>().FirstOrDefault(one => one.ToString().Equals(Value("sort"), StringComparison.OrdinalIgnoreCase));
        var shown = int.TryParse(Value("shown"), out var count) ? Math.Clamp(count / Page * Page, Page, MaxShown) : Page;
        return new RunListRequest(RunFilter.Parse(query), sort, Value("order") == "asc", Value("view") == "sessions", shown)
        {
            SeenBefore = long.TryParse(Value("before"), NumberStyles.None, CultureInfo.InvariantCulture, out var before) && before < MaxMilliseconds
                ? DateTimeOffset.FromUnixTimeMilliseconds(before)
                : null,
        };
    }

    /// <summary>The list as the address of a run opened from it says it; never empty.</summary>
    /// <param name="readAt">When the list was read.</param>
    public string ToOrigin(DateTimeOffset readAt)
    {
        var isAboutSeen = Filter.Conditions.Any(condition => condition.Field is RunField.Seen);
        return (this with { SeenBefore = isAboutSeen ? SeenBefore ?? readAt : null }).ToQuery(withShown: false) is { Length: > 0 } query ? query : "?";
    }

    /// <summary>The address's query with its question mark, without what is as it always is. How many rows are shown is no part of a list.</summary>
    public string ToQuery(bool withShown)
    {
        var pairs = Filter.Pairs().ToList();
        void Add(bool isSaid, string key, string value)
        {
            if (isSaid)
            {
                pairs.Add(new(key, value));
            }
        }

        Add(Sort is not RunSort.Date, "sort", Sort.ToString().ToLowerInvariant());
        Add(IsAscending, "order", "asc");
        Add(BySession, "view", "sessions");
        Add(withShown && Shown > Page, "shown", Shown.ToString(CultureInfo.InvariantCulture));
        Add(SeenBefore is not null, "before", (SeenBefore?.ToUnixTimeMilliseconds() ?? 0).ToString(CultureInfo.InvariantCulture));
        return QueryHelpers.AddQueryString("", pairs);
    }
}
