namespace Copilot.Domain.Supervision;

/// <summary>From when on something about a run is a sign.</summary>
/// <param name="ToolShare">The part of its deadline that a tool has spent, 1 for all.</param>
/// <param name="Silence">How long nothing has happened while the model is at work.</param>
/// <param name="RepeatedCalls">How many times in a row the same call was made.</param>
/// <param name="BudgetShare">The part of the budget that is spent, 1 for all.</param>
/// <param name="ContextShare">The part of the model's context that is filled, 1 for all.</param>
/// <param name="ContextTokens">How many tokens the model can hold; null where that is not known.</param>
/// <param name="Characters">How long one text, or the arguments of one call, has become.</param>
public sealed record SupervisionThresholds(
    double ToolShare, TimeSpan Silence, int RepeatedCalls, double BudgetShare, double ContextShare, long? ContextTokens, int Characters);
