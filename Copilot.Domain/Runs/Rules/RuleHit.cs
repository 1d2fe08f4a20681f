using Copilot.Domain.Runs.Events.Payloads;

namespace Copilot.Domain.Runs.Rules;

/// <summary>A rule whose condition was met.</summary>
/// <param name="RuleId">The rule.</param>
/// <param name="Revision">Which of its versions, from 1.</param>
/// <param name="Name">Its name.</param>
/// <param name="Effect">What it does.</param>
/// <param name="Because">What met the condition, as a sentence.</param>
/// <param name="CallId">The call that it is about, or null.</param>
public sealed record RuleHit(string RuleId, long Revision, string Name, RuleEffect Effect, string Because, string? CallId)
{
    /// <summary>True where the rule's regular expression took too long, and counts as met.</summary>
    public bool IsUndecided { get; init; }
}
