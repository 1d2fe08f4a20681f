using System.Collections.Immutable;
using Copilot.Domain.Timeline.Items;

namespace Copilot.Domain.Timeline.State;

/// <summary>Finds the item an event speaks of. Values are ordinals.</summary>
/// <param name="Responses">Attempt by the API's response id.</param>
/// <param name="Items">Item by attempt and <c>item_id</c>.</param>
/// <param name="Outputs">Item by attempt and <c>output_index</c>.</param>
/// <param name="Calls">Newest tool call by <c>call_id</c>.</param>
/// <param name="Attempt">The newest attempt, or -1.</param>
/// <param name="Connection">The newest connection, or -1.</param>
internal sealed record TimelineIndex(
    ImmutableDictionary<string, int> Responses,
    ImmutableDictionary<(int Attempt, string ItemId), int> Items,
    ImmutableDictionary<(int Attempt, int OutputIndex), int> Outputs,
    ImmutableDictionary<string, int> Calls,
    int Attempt,
    int Connection)
{
    /// <summary>The output of the response that is being generated, or null. Not part of a snapshot: those are of runs that have ended.</summary>
    public OpenOutput? Open { get; init; }

    /// <summary>Nothing known.</summary>
    public static TimelineIndex Empty { get; } = new(
        ImmutableDictionary<string, int>.Empty,
        ImmutableDictionary<(int, string), int>.Empty,
        ImmutableDictionary<(int, int), int>.Empty,
        ImmutableDictionary<string, int>.Empty,
        -1,
        -1);

    /// <summary>The index of these items, which are the first of those it was made for.</summary>
    public TimelineIndex Clip(ImmutableList<TimelineItem>.Builder items) => new(
        Where(Responses, ordinal => ordinal < items.Count && items[ordinal] is AttemptItem { ResponseId.IsSet: true }),
        Where(Items, ordinal => ordinal < items.Count),
        Where(Outputs, ordinal => ordinal < items.Count),
        Where(Calls, ordinal => ordinal < items.Count && items[ordinal] is ToolCallItem { CallId.IsSet: true }),
        items.FindLastIndex(item => item is AttemptItem),
        items.FindLastIndex(item => item is ConnectionItem));

    private static ImmutableDictionary<TKey, int> Where<TKey>(ImmutableDictionary<TKey, int> map, Predicate<int> keep)
        where TKey : notnull =>
        map.RemoveRange(map.Where(entry => !keep(entry.Value)).Select(entry => entry.Key));
}
