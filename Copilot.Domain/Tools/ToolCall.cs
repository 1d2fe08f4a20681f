namespace Copilot.Domain.Tools;

/// <summary>A function call as the model asked for it.</summary>
/// <param name="RunId">The run it belongs to.</param>
/// <param name="CallId">The upstream's <c>call_id</c>, which its output must carry.</param>
/// <param name="Name">The tool's name, as the model wrote it.</param>
/// <param name="Arguments">The arguments, as the model wrote them: JSON if all is well.</param>
/// <param name="UserId">The user the run works for.</param>
public sealed record ToolCall(string RunId, string CallId, string Name, string Arguments, string UserId);
