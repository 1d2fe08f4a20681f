using System.Collections.Immutable;
using System.Text.Json;
using Copilot.Web.DemoUpstream.Model;

namespace Copilot.Web.DemoUpstream.Server;

/// <summary>The tools of a request and which of them may be called. Other kinds than functions are echoed, never called.</summary>
internal static class ToolsReader
{
    public static ImmutableArray<FunctionTool> ReadTools(JsonElement body)
    {
        if (body.Member("tools") is not { } tools)
        {
            return [];
        }

        if (tools.ValueKind != JsonValueKind.Array)
        {
            throw Invalid("Invalid type for 'tools': expected an array of tools.", "tools", "invalid_type");
        }

        var functions = ImmutableArray.CreateBuilder<FunctionTool>();
        var index = -1;
        foreach (var tool in tools.EnumerateArray())
        {
            index++;
            var type = tool.Text("type")
                ?? throw Invalid($"Missing required parameter: 'tools[{index}].type'.", $"tools[{index}].type", "missing_required_parameter");
            if (type != "function")
            {
                continue;
            }

            var name = tool.Text("name")
                ?? throw Invalid($"Missing required parameter: 'tools[{index}].name'.", $"tools[{index}].name", "missing_required_parameter");
            var parameters = tool.Member("parameters") ?? default;
            if (tool.IsTrue("strict") && StrictSchema.Flaw(parameters) is { } flaw)
            {
                throw Invalid($"Invalid schema for function '{name}': {flaw}", $"tools[{index}].parameters", "invalid_function_parameters");
            }

            functions.Add(new FunctionTool(name, tool.Text("description") ?? string.Empty, parameters));
        }

        return functions.ToImmutable();
    }

    public static ToolChoice ReadChoice(JsonElement body, ImmutableArray<FunctionTool> tools)
    {
        if (body.Member("tool_choice") is not { } choice)
        {
            return ToolChoice.Auto;
        }

        if (choice.ValueKind == JsonValueKind.String)
        {
            return choice.GetString() switch
            {
                "auto" => ToolChoice.Auto,
                "none" => ToolChoice.None,
                "required" when tools.Length > 0 => ToolChoice.Required,
                "required" => throw Invalid("Tool choice 'required' must be specified with 'tools' parameter.", "tool_choice", "invalid_value"),
                var other => throw Invalid($"Invalid value: '{other}'. Supported values are: 'none', 'auto', and 'required'.", "tool_choice", "invalid_value"),
            };
        }

        switch (choice.Text("type"))
        {
            case "function":
                var name = choice.Text("name");
                return tools.Any(tool => tool.Name == name)
                    ? ToolChoice.Function(name!)
                    : throw Invalid("Tool choice 'function' not found in 'tools' parameter.", "tool_choice", "invalid_value");
            case "allowed_tools":
                var names = choice.Member("tools") is { ValueKind: JsonValueKind.Array } allowed
                    ? allowed.EnumerateArray().Select(tool => tool.Text("name")).OfType<string>().ToImmutableHashSet()
                    : [];
                return new ToolChoice(MayCall: true, MustCall: choice.Text("mode") == "required", names);
            default:
                // A hosted tool is forced; none of them runs here.
                return ToolChoice.Auto;
        }
    }

    private static RequestRejectedException Invalid(string message, string param, string code) =>
        new(ApiError.Invalid(message, param, code));
}
