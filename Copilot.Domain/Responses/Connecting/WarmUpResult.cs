namespace Copilot.Domain.Responses.Connecting;

/// <summary>The result of a warm-up.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Refused">True when this upstream does not know warm-ups: it reported that, or it answered instead. Trying again is pointless.</param>
/// <param name="Warmed">What the upstream read; null unless <see cref="WarmUpOutcome.Warm"/>.</param>
public sealed record WarmUpResult(WarmUpOutcome Outcome, bool Refused, ConnectNotice.Warmed? Warmed);
