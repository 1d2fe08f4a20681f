namespace Copilot.Web.Storage.Search;

/// <summary>A page of a list of runs.</summary>
/// <param name="Filter">Which of them.</param>
/// <param name="Sort">What by.</param>
/// <param name="IsAscending">True for the smallest or oldest first.</param>
/// <param name="After">Where the last page ended, or null for the first.</param>
/// <param name="Limit">Largest number of rows.</param>
/// <param name="Zone">The zone that days begin in.</param>
public sealed record RunQuery(RunFilter Filter, RunSort Sort, bool IsAscending, RunCursor? After, int Limit, TimeZoneInfo Zone)
{
    /// <summary>What was opened from then on counts as not opened, so that a list that is gone through stays the same; null for now.</summary>
    public DateTimeOffset? SeenBefore { get; init; }
}
