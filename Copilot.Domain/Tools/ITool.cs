using System.Text.Json;
using Copilot.Domain.Tools.Schemas;

namespace Copilot.Domain.Tools;

/// <summary>
/// A function the model may call. One instance serves all calls concurrently: per-call data comes with the <see cref="ToolContext"/>.
/// Most tools derive from <see cref="Tool{TArguments}"/>.
/// </summary>
public interface ITool
{
    /// <summary>What the tool is; the same at every call.</summary>
    ToolDefinition Definition { get; }

    /// <summary>
    /// Errors in the arguments, one sentence each; empty when they can be used. Called before a person is asked for approval, and for
    /// arguments that a person has edited. By default checks the published schema.
    /// </summary>
    /// <param name="arguments">A JSON object.</param>
    IReadOnlyList<ToolArgumentError> ErrorsOf(JsonElement arguments) =>
        Definition.FreeText is null ? ToolArgumentErrors.Of(Definition.Parameters, arguments) : [];

    /// <summary>
    /// What a call with these arguments would do, for the person who is asked about it: facts that the tool looks up itself, not what
    /// the model says about them. Changes nothing. By default nothing is said.
    /// </summary>
    /// <param name="arguments">A JSON object without errors.</param>
    /// <param name="cancellationToken">Stops the looking up.</param>
    Task<ToolIntent?> DescribeAsync(JsonElement arguments, CancellationToken cancellationToken) => Task.FromResult<ToolIntent?>(null);

    /// <summary>
    /// Runs the tool. A <see cref="ToolException"/> is an answer for the model; any other exception is an error of the
    /// tool, which the model sees only as one plain sentence.
    /// </summary>
    /// <param name="context">The call.</param>
    /// <param name="arguments">A JSON object, not yet checked against the schema; a JSON string where the tool takes free text.</param>
    /// <param name="cancellationToken">Cancelled at the deadline and when the run is stopped.</param>
    Task<ToolResult> InvokeAsync(ToolContext context, JsonElement arguments, CancellationToken cancellationToken);
}
