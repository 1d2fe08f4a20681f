namespace Copilot.Domain.Tools;

/// <summary>The registered tools cannot be offered to a model: two share a name, or a schema is not strict.</summary>
public sealed class ToolRegistrationException(IReadOnlyList<string> errors)
    : Exception("The tools are not usable. " + string.Join(" ", errors))
{
    /// <summary>Every error, one sentence each.</summary>
    public IReadOnlyList<string> Errors { get; } = errors;
}
