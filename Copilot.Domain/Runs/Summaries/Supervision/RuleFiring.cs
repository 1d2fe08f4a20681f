using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;

namespace Copilot.Domain.Runs.Summaries.Supervision;

/// <summary>The newest time that a rule's condition was met in a run.</summary>
/// <param name="RuleId">The rule.</param>
/// <param name="Revision">Which of its versions.</param>
/// <param name="Name">Its name, as it was then.</param>
/// <param name="Effect">What it does.</param>
/// <param name="At">When (UTC).</param>
/// <param name="About">The number of the event that met the condition.</param>
/// <param name="Count">How many times so far in this run.</param>
public sealed record RuleFiring(string RuleId, long Revision, string Name, RuleEffect Effect, DateTimeOffset At, long About, int Count)
{
    /// <summary>When this version's regular expression last took too long in this run (UTC); null where it never has.</summary>
    public DateTimeOffset? UndecidedAt { get; init; }

    /// <summary>The number of the event over which it did, or null.</summary>
    public long? UndecidedAbout { get; init; }

    /// <summary>The firing that an event tells of.</summary>
    /// <param name="runEvent">The event.</param>
    /// <param name="fired">What it says.</param>
    /// <param name="before">The same rule's firing before, or null.</param>
    public static RuleFiring Of(RunEvent runEvent, RuleFired fired, RuleFiring? before) => new(
        fired.RuleId ?? "",
        fired.Revision ?? 0,
        fired.Name ?? "",
        fired.Effect ?? RuleEffect.Alert,
        runEvent.At,
        fired.About ?? runEvent.Seq,
        (before?.Count ?? 0) + 1)
    {
        UndecidedAt = fired.Undecided is true ? runEvent.At : SameVersion(fired, before)?.UndecidedAt,
        UndecidedAbout = fired.Undecided is true ? fired.About ?? runEvent.Seq : SameVersion(fired, before)?.UndecidedAbout,
    };

    private static RuleFiring? SameVersion(RuleFired fired, RuleFiring? before) => before?.Revision == fired.Revision ? before : null;
}
