namespace Copilot.Domain.Tools;

/// <summary>One thing that is wrong with a call's arguments.</summary>
/// <param name="Argument">Which argument, as a path such as <c>lines[0].part</c>, or null when it is none in particular.</param>
/// <param name="Message">What is wrong, as a sentence for people and for the model.</param>
public sealed record ToolArgumentError(string? Argument, string Message)
{
    /// <summary>All errors as the model reads them.</summary>
    public static string Join(IEnumerable<ToolArgumentError> errors) => string.Join(" ", errors.Select(error => error.Message));
}
