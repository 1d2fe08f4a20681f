namespace Copilot.Web.Runs.Supervising;

/// <summary>Who was quicker.</summary>
/// <param name="Id">The person; null where the product did it because a time was up.</param>
/// <param name="Name">What they are called.</param>
/// <param name="Role">Their role, as it was then; null without a person.</param>
/// <param name="Verb">What they did, as <see cref="RunVerbNames.ToWire"/> has it.</param>
/// <param name="At">When (UTC).</param>
/// <param name="Reason">Why, or null.</param>
public sealed record FirstActor(string? Id, string Name, string? Role, string Verb, DateTimeOffset At, string? Reason);
