using System.Collections.Immutable;
using Copilot.Domain.Supervision;
using Copilot.Web.Supervision;

namespace Copilot.Web.Sessions.Live;

/// <summary>Rows under one heading.</summary>
/// <param name="Group">Their group; null for those that are pinned or new.</param>
/// <param name="Rows">The rows.</param>
internal sealed record LiveSection(AttentionGroup? Group, ImmutableArray<LiveRow> Rows)
{
    /// <summary>True for those that came while the order was held.</summary>
    public bool IsNew { get; init; }
}
