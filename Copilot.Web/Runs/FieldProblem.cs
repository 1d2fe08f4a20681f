namespace Copilot.Web.Runs;

/// <summary>What is wrong with something that was sent.</summary>
/// <param name="Field">The field, as its sender calls it; null where the problem is about the whole.</param>
/// <param name="Message">One sentence: what is wrong and what to do.</param>
public sealed record FieldProblem(string? Field, string Message);
