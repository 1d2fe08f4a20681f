namespace Copilot.Domain.Tools;

/// <summary>
/// The tool cannot do what was asked, and the model should know why: bad arguments, an unknown id, a conflict.
/// The message reaches the model and the screen as it is, so it is a plain sentence that says what to do.
/// </summary>
public sealed class ToolException(string message) : Exception(message);
