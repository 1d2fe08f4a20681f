namespace Copilot.Domain.Supervision.Rules;

/// <summary>Something in a rule that cannot be used.</summary>
/// <param name="Field">The field, as the HTTP API names it.</param>
/// <param name="Sentence">What is wrong.</param>
public sealed record RuleProblem(string Field, string Sentence);
