using Copilot.Web.Runs.Grants;

namespace Copilot.Web.Runs;

/// <summary>What a person wants to do about a call that waits for them.</summary>
/// <param name="CallId">The call.</param>
/// <param name="Approve">Whether it may be carried out.</param>
/// <param name="EditedArguments">JSON in place of the model's arguments; null leaves them.</param>
/// <param name="Reason">Why: the run's owner reads it, and the model why not. Only the owner may leave it out.</param>
public sealed record ApprovalChoice(string CallId, bool Approve, string? EditedArguments, string? Reason)
{
    /// <summary>Also decides calls like it from now on; null only this one. Only with a call as it is.</summary>
    public GrantRequest? Remember { get; init; }
}
