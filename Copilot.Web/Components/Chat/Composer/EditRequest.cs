namespace Copilot.Web.Components.Chat.Composer;

/// <summary>Somebody wants to edit a question. A class, so that the same request twice is two.</summary>
/// <param name="runId">The run whose question it is.</param>
public sealed class EditRequest(string runId)
{
    /// <summary>The run whose question it is.</summary>
    public string RunId { get; } = runId;
}
