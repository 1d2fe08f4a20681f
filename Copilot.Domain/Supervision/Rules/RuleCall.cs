namespace Copilot.Domain.Supervision.Rules;

/// <summary>A call that the model asks for.</summary>
/// <param name="CallId">The API's <c>call_id</c>, or the id of an MCP approval request.</param>
/// <param name="Tool">The tool's name.</param>
/// <param name="Arguments">JSON or free text, as the model wrote it.</param>
/// <param name="Times">How many times in a row it has been asked for with the same arguments.</param>
public sealed record RuleCall(string CallId, string Tool, string Arguments, int Times);
