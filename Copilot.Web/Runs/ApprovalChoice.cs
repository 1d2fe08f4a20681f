namespace Copilot.Web.Runs;

/// <summary>What a person wants to do about a call that waits for them.</summary>
/// <param name="CallId">The call.</param>
/// <param name="Approve">Whether it may be carried out.</param>
/// <param name="EditedArguments">JSON in place of the model's arguments; null leaves them.</param>
/// <param name="Reason">Why not, for the model; or null.</param>
public sealed record ApprovalChoice(string CallId, bool Approve, string? EditedArguments, string? Reason);
