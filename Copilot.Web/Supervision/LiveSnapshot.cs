using System.Collections.Immutable;

namespace Copilot.Web.Supervision;

/// <summary>The board at one moment.</summary>
/// <param name="Version">Grows with each change, from 1.</param>
/// <param name="Rows">Every row in the order of the wall.</param>
public sealed record LiveSnapshot(long Version, ImmutableArray<LiveRow> Rows)
{
    /// <summary>Before anything was read.</summary>
    public static LiveSnapshot Empty { get; } = new(0, []);
}
