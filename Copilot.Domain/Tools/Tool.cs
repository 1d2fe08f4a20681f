using System.Text.Json;
using Copilot.Domain.Tools.Schemas;

namespace Copilot.Domain.Tools;

/// <summary>
/// A tool whose arguments are a record. The JSON schema comes from the record, and what the model sends is checked
/// against it before the tool sees it: a wrong, missing or unknown field is answered with a sentence that names it.
/// </summary>
/// <typeparam name="TArguments">
/// A record with one constructor. Names become snake_case; nullable means optional; <c>[Description]</c>,
/// <c>[Range]</c> and <c>[StringLength]</c> are read from its parameters.
/// </typeparam>
public abstract class Tool<TArguments> : ITool
    where TArguments : class
{
    /// <inheritdoc/>
    public abstract ToolDefinition Definition { get; }

    /// <inheritdoc/>
    public IReadOnlyList<ToolArgumentError> ErrorsOf(JsonElement arguments)
    {
        return ToolArguments.ErrorsOf<TArguments>(arguments);
    }

    /// <inheritdoc/>
    public Task<ToolResult> InvokeAsync(ToolContext context, JsonElement arguments, CancellationToken cancellationToken)
    {
        return InvokeAsync(context, ToolArguments.Read<TArguments>(arguments), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ToolIntent?> DescribeAsync(JsonElement arguments, CancellationToken cancellationToken)
    {
        return DescribeAsync(ToolArguments.Read<TArguments>(arguments), cancellationToken);
    }

    /// <summary>What a call would do, for the person who decides about it; null says nothing.</summary>
    protected virtual Task<ToolIntent?> DescribeAsync(TArguments arguments, CancellationToken cancellationToken)
    {
        return Task.FromResult<ToolIntent?>(null);
    }

    /// <summary>Runs the tool with arguments that follow the schema.</summary>
    protected abstract Task<ToolResult> InvokeAsync(ToolContext context, TArguments arguments, CancellationToken cancellationToken);

    /// <summary>A definition with the schema of <typeparamref name="TArguments"/>; set the flags with <c>with</c>.</summary>
    protected static ToolDefinition Define(string name, string description)
    {
        return new ToolDefinition { Name = name, Description = description, Parameters = ToolArguments.SchemaOf<TArguments>() };
    }
}
