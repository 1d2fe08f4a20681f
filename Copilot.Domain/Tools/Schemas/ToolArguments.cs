using System.Text.Json;

namespace Copilot.Domain.Tools.Schemas;

/// <summary>The schema of an arguments record, and the reading of what the model sent for it.</summary>
internal static class ToolArguments
{
    public static JsonElement SchemaOf<TArguments>()
        where TArguments : class
    {
        return Schema<TArguments>.Published;
    }

    /// <summary>What is wrong with arguments, one sentence each.</summary>
    public static IReadOnlyList<string> ErrorsOf<TArguments>(JsonElement arguments)
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
            return errors.Count > 0 ? errors : [exception.Message];
        }
    }

    /// <exception cref="ToolException">The arguments do not keep to the schema; the message names every wrong field.</exception>
    public static TArguments Read<TArguments>(JsonElement arguments)
        where TArguments : class
    {
        var errors = ToolArgumentErrors.Of(Schema<TArguments>.Full, arguments);
        if (errors.Count > 0)
        {
            throw new ToolException(string.Join(" ", errors));
        }

        try
        {
            return arguments.Deserialize<TArguments>(ToolSchema.Serialization)!;
        }
        catch (JsonException exception)
        {
            // What a schema cannot say, such as a whole number too large for its type.
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
