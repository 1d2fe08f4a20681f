using Copilot.Domain.Supervision;
using Copilot.Web.Supervision;

namespace Copilot.Web.Sessions.Live;

/// <summary>What stands above the wall.</summary>
/// <param name="Working">Runs at work, those in trouble included.</param>
/// <param name="Waiting">Runs that need a person.</param>
/// <param name="OldestWait">Since when the longest of them waits; null where none does.</param>
/// <param name="InTrouble">Runs in trouble.</param>
/// <param name="Queued">Runs that wait for their turn.</param>
/// <param name="TokensPerSecond">About how many tokens a second they stream together.</param>
public sealed record LiveTotals(int Working, int Waiting, DateTimeOffset? OldestWait, int InTrouble, int Queued, int TokensPerSecond)
{
    /// <summary>Counts rows.</summary>
    public static LiveTotals Of(IReadOnlyList<LiveRow> rows)
    {
        int Count(AttentionGroup group) => rows.Count(row => row.Assessment.Group == group);
        return new(
            Count(AttentionGroup.Working) + Count(AttentionGroup.InTrouble),
            Count(AttentionGroup.NeedsPerson),
            rows.Where(row => row.Assessment.Group is AttentionGroup.NeedsPerson).Min(row => (DateTimeOffset?)row.Since),
            Count(AttentionGroup.InTrouble),
            Count(AttentionGroup.Queued),
            rows.Sum(row => row.TokensPerSecond));
    }
}
