using Copilot.Domain.Supervision.Rules;

namespace Copilot.Web.Supervision.Rules;

/// <summary>A rule as its list shows it.</summary>
/// <param name="What">When it fires, about which runs, and what it does.</param>
/// <param name="IsOn">Whether it is in force.</param>
/// <param name="CreatedBy">Name of who wrote it, as it was then.</param>
/// <param name="CreatedAt">When (UTC).</param>
public sealed record Rule(SupervisionRule What, bool IsOn, string CreatedBy, DateTimeOffset CreatedAt)
{
    /// <summary>Name of who changed it last, as it was then; null where nobody has.</summary>
    public string? ChangedBy { get; init; }

    /// <summary>When (UTC), or null.</summary>
    public DateTimeOffset? ChangedAt { get; init; }

    /// <summary>When it fired last (UTC); null where it never has.</summary>
    public DateTimeOffset? FiredAt { get; init; }

    /// <summary>In which run, or null.</summary>
    public string? FiredRunId { get; init; }

    /// <summary>At which of its events, or null.</summary>
    public long? FiredSeq { get; init; }

    /// <summary>When its regular expression last took too long and counted as met (UTC); null where it has not since it was last changed.</summary>
    public DateTimeOffset? UndecidedAt { get; init; }

    /// <summary>In which run, or null.</summary>
    public string? UndecidedRunId { get; init; }

    /// <summary>Over which of its events, or null.</summary>
    public long? UndecidedSeq { get; init; }

    /// <summary>Whether the reader may change it.</summary>
    public bool IsTheirs { get; init; }
}
