namespace Copilot.Domain.Runs.Events.Payloads;

/// <summary>What a rule of a supervisor does when its condition is met.</summary>
public enum RuleEffect
{
    /// <summary>Supervisors get an alert. The run goes on.</summary>
    Alert,

    /// <summary>The run is paused before its next tool starts.</summary>
    Pause,

    /// <summary>A person decides about the call first.</summary>
    Approval,
}

/// <summary>
/// <c>rule.fired</c>, by the rule: its condition was met. It is recorded in the same append as what met it, before anything follows from it;
/// its <c>call_id</c> is that of the call that it is about.
/// </summary>
/// <param name="RuleId">The rule.</param>
/// <param name="Revision">Which of its versions, from 1.</param>
/// <param name="Name">Its name, as it was then.</param>
/// <param name="Effect">What it does.</param>
/// <param name="Because">What met its condition, as a sentence.</param>
/// <param name="About">The number of the event that met it.</param>
public sealed record RuleFired(string? RuleId, long? Revision, string? Name, RuleEffect? Effect, string? Because, long? About) : RunEventPayload
{
    /// <summary>True where its regular expression took too long, and counts as met; null where it did not.</summary>
    public bool? Undecided { get; init; }
}
