using Copilot.Domain.Responses;

namespace Copilot.Domain.Timeline.State;

/// <summary>The transport a run uses and why.</summary>
/// <param name="Kind">What carries the requests.</param>
/// <param name="Reason">Why it is this one (after a fallback), or null.</param>
public sealed record TransportUse(TransportKind Kind, string? Reason);
