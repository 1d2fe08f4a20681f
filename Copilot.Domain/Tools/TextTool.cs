using System.Text.Json;

namespace Copilot.Domain.Tools;

/// <summary>A tool whose input is free text: a query, a formula, a patch. The API calls it a custom tool.</summary>
public abstract class TextTool : ITool
{
    /// <inheritdoc/>
    public abstract ToolDefinition Definition { get; }

    /// <inheritdoc/>
    public Task<ToolResult> InvokeAsync(ToolContext context, JsonElement arguments, CancellationToken cancellationToken)
    {
        return InvokeAsync(context, arguments.GetString()!, cancellationToken);
    }

    /// <summary>Runs the tool.</summary>
    /// <param name="context">The call.</param>
    /// <param name="input">What the model wrote; any text.</param>
    /// <param name="cancellationToken">Cancelled at the deadline and when the run is stopped.</param>
    protected abstract Task<ToolResult> InvokeAsync(ToolContext context, string input, CancellationToken cancellationToken);

    /// <summary>A definition for any text; set a grammar and the flags with <c>with</c>.</summary>
    protected static ToolDefinition Define(string name, string description)
    {
        return new ToolDefinition { Name = name, Description = description, FreeText = FreeText.Any };
    }
}
