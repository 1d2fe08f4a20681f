namespace Copilot.Domain.Supervision.Rules;

/// <summary>A call that the model asks for, or one that the upstream has made itself.</summary>
/// <param name="CallId">The API's <c>call_id</c>, the id of an MCP approval request, or that of the item.</param>
/// <param name="Tool">The tool's name.</param>
/// <param name="Arguments">JSON or free text, as the model wrote it.</param>
/// <param name="Times">How many times in a row it has been asked for with the same arguments.</param>
public sealed record RuleCall(string CallId, string Tool, string Arguments, int Times)
{
    /// <summary>True where the upstream has made the call already: nobody can be asked about it any more.</summary>
    public bool IsMade { get; init; }
}
