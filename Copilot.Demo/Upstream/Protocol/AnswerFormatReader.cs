using System.Text.Json;
using Copilot.Demo.Upstream.Model.Schemas;
namespace Copilot.Demo.Upstream.Protocol;

/// <summary>The format the answer must have: prose, any JSON object, or a JSON schema.</summary>
internal static class AnswerFormatReader
{
    private static readonly JsonElement s_anyObject = JsonText.TryParse("""{"type":"object","properties":{"answer":{"type":"string"}}}""")!.Value;

    public static JsonElement? Read(JsonElement body)
    {
        if (body.Member("text")?.Member("format") is not { } format)
        {
            return null;
        }

        switch (format.Text("type"))
        {
            case "text":
                return null;
            case "json_object":
                return s_anyObject;
            case "json_schema":
                return ReadSchema(format);
            default:
                throw Invalid(
                    $"Invalid value: '{format.Text("type")}'. Supported values are: 'text', 'json_object', and 'json_schema'.",
                    "text.format.type",
                    "invalid_value");
        }
    }

    private static JsonElement ReadSchema(JsonElement format)
    {
        var name = format.Text("name")
            ?? throw Invalid("Missing required parameter: 'text.format.name'.", "text.format.name", "missing_required_parameter");
        var schema = format.Member("schema")
            ?? throw Invalid("Missing required parameter: 'text.format.schema'.", "text.format.schema", "missing_required_parameter");
        if (format.IsTrue("strict") && StrictSchema.Flaw(schema) is { } flaw)
        {
            throw Invalid($"Invalid schema for response_format '{name}': {flaw}", "text.format.schema", "invalid_json_schema");
        }

        try
        {
            new SchemaInstance(schema, SchemaHints.None).Make();
        }
        catch (UnsupportedSchemaException exception)
        {
            throw Invalid($"Invalid schema for response_format '{name}': {exception.Message}", "text.format.schema", "invalid_json_schema");
        }

        return schema;
    }

    private static RequestRejectedException Invalid(string message, string param, string code) =>
        new(ApiError.Invalid(message, param, code));
}
