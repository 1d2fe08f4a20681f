namespace Copilot.Domain.Runs.Summaries;

/// <summary>A question put to people about one call.</summary>
/// <param name="RequestedAt">When it was asked (UTC).</param>
/// <param name="Timeout">How long it waits from then.</param>
internal sealed record ApprovalRequest(DateTimeOffset RequestedAt, TimeSpan Timeout)
{
    public ApprovalDecision? Decision { get; init; }

    /// <summary>Nobody who asked may approve.</summary>
    public bool NeedsOther { get; init; }

    /// <summary>Why a rule asks, or null.</summary>
    public string? Rule { get; init; }
}
