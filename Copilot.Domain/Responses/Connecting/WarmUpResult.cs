namespace Copilot.Domain.Responses.Connecting;

/// <summary>A warm-up's end.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Refused">True when this upstream does not know warm-ups: it said so, or it answered instead. Asking again is of no use.</param>
/// <param name="Warmed">What was read; null unless <see cref="WarmUpOutcome.Warm"/>.</param>
public sealed record WarmUpResult(WarmUpOutcome Outcome, bool Refused, ConnectNotice.Warmed? Warmed);
