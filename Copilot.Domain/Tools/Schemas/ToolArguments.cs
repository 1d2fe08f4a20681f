using System.Text.Json;

namespace Copilot.Domain.Tools.Schemas;

/// <summary>Publishes the schema of an arguments record, and reads what the model sent.</summary>
internal static class ToolArguments
{
    public static JsonElement SchemaOf<TArguments>()
        where TArguments : class
    {
        return Schema<TArguments>.Published;
    }

    /// <summary>Errors in the arguments, one sentence each.</summary>
    public static IReadOnlyList<ToolArgumentError> ErrorsOf<TArguments>(JsonElement arguments)
        where TArguments : class
    {
        try
        {
            Read<TArguments>(arguments);
            return [];
        }
        catch (ToolException exception)
        {
            var errors = ToolArgumentErrors.Of(Schema<TArguments>.Full, arguments);
            return errors.Count > 0 ? errors : [new ToolArgumentError(null, exception.Message)];
        }
    }

    /// <exception cref="ToolException">The arguments do not follow the schema; the message names every wrong field.</exception>
    public static TArguments Read<TArguments>(JsonElement arguments)
        where TArguments : class
    {
        var errors = ToolArgumentErrors.Of(Schema<TArguments>.Full, arguments);
        if (errors.Count > 0)
        {
            throw new ToolException(ToolArgumentError.Join(errors));
        }

        try
        {
            return arguments.Deserialize<TArguments>(ToolSchema.Serialization)!;
        }
        catch (JsonException exception)
        {
            // An error that a schema cannot express, such as a whole number too large for its type.
            var field = exception.Path is { Length: > 2 } path ? path[2..] : "arguments";
            throw new ToolException($"The argument '{field}' has a value that cannot be used.");
        }
    }

    private static class Schema<TArguments>
    {
        public static readonly JsonElement Full = ToolSchema.Full(typeof(TArguments));

        public static readonly JsonElement Published = ToolSchema.Published(Full);
    }
}
