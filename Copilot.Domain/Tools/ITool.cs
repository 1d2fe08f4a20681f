using System.Text.Json;
using Copilot.Domain.Tools.Schemas;

namespace Copilot.Domain.Tools;

/// <summary>
/// A function the model may call. One instance serves all calls, at the same time: what belongs to one call comes
/// with its <see cref="ToolContext"/>. Most tools derive from <see cref="Tool{TArguments}"/>.
/// </summary>
public interface ITool
{
    /// <summary>What the tool is; the same at every call.</summary>
    ToolDefinition Definition { get; }

    /// <summary>
    /// What is wrong with arguments, one sentence each; empty when they can be used. Asked before a person is, and of what a
    /// person has edited. Says what the published schema says, where a tool does not know better.
    /// </summary>
    /// <param name="arguments">A JSON object.</param>
    IReadOnlyList<string> ErrorsOf(JsonElement arguments) =>
        Definition.FreeText is null ? ToolArgumentErrors.Of(Definition.Parameters, arguments) : [];

    /// <summary>
    /// Does the work. A <see cref="ToolException"/> is an answer for the model; any other exception is an error of the
    /// tool, which the model hears of in one plain sentence only.
    /// </summary>
    /// <param name="context">The call.</param>
    /// <param name="arguments">A JSON object, not yet checked against the schema; a JSON string where the tool takes free text.</param>
    /// <param name="cancellationToken">Cancelled at the deadline and when the run is stopped.</param>
    Task<ToolResult> InvokeAsync(ToolContext context, JsonElement arguments, CancellationToken cancellationToken);
}
