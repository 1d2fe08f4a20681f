namespace Copilot.Domain.Timeline.Text;

/// <summary>A place in a run's log.</summary>
/// <param name="Seq">The event's number.</param>
/// <param name="At">When it happened (UTC).</param>
public readonly record struct SeqMark(long Seq, DateTimeOffset At);
