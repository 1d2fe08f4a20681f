namespace Copilot.Web.Runs;

/// <summary>What a person is told about a call before they decide. It comes from the tool, not from the model.</summary>
/// <param name="Sentence">What the call would do; null where the tool does not say.</param>
/// <param name="Problem">Why it would be refused as it stands; null when nothing is known against it.</param>
/// <param name="FixedArguments">Arguments that follow from others: nobody is asked to change them.</param>
internal sealed record CallDescription(string? Sentence, string? Problem, IReadOnlyList<string> FixedArguments)
{
    /// <summary>Whether a person may allow further calls of this tool before they are made.</summary>
    public bool CanBeRemembered { get; init; }
}
