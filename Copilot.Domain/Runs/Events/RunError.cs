namespace Copilot.Domain.Runs.Events;

/// <summary>Why a run failed.</summary>
/// <param name="Code">A stable word, the upstream's where it gave one.</param>
/// <param name="Message">One sentence for people.</param>
/// <param name="Advice">What to do, or null.</param>
public sealed record RunError(string Code, string Message, string? Advice);
