using System.Collections.Immutable;
using System.Text.Json;
using Copilot.Demo.Upstream.Model;
using Copilot.Demo.Upstream.Model.Schemas;
namespace Copilot.Demo.Upstream.Protocol;

/// <summary>The tools of a request and which of them may be called. Unknown kinds are echoed, never called.</summary>
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

            var name = NameOf(tool, index);
            var parameters = tool.Member("parameters") ?? default;
            if (tool.IsTrue("strict") && StrictSchema.Flaw(parameters) is { } flaw)
            {
                throw Invalid($"Invalid schema for function '{name}': {flaw}", $"tools[{index}].parameters", "invalid_function_parameters");
            }

            functions.Add(new FunctionTool(name, tool.Text("description") ?? string.Empty, parameters));
        }

        return functions.ToImmutable();
    }

    private static string NameOf(JsonElement tool, int index)
    {
        Require(tool, index, "name");
        return tool.Text("name") is { Length: > 0 } name && name.All(one => char.IsAsciiLetterOrDigit(one) || one is '_' or '-')
            ? name
            : throw Invalid(
                $"Invalid 'tools[{index}].name': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.",
                $"tools[{index}].name",
                "invalid_value");
    }

    /// <summary>The tools this server runs; <see cref="ReadTools"/> has checked the array.</summary>
    public static ImmutableArray<HostedTool> ReadHosted(JsonElement body)
    {
        var hosted = ImmutableArray.CreateBuilder<HostedTool>();
        foreach (var (tool, index) in Tools(body))
        {
            // Dated names are the same tools.
            var type = tool.Text("type") switch
            {
                { } web when web.StartsWith("web_search", StringComparison.Ordinal) => "web_search",
                var other => other,
            };
            switch (type)
            {
                case "web_search" or "image_generation":
                    break;
                case "file_search":
                    Require(tool, index, "vector_store_ids");
                    break;
                case "code_interpreter":
                    Require(tool, index, "container");
                    break;
                case "mcp":
                    Require(tool, index, "server_label");
                    if (tool.Member("server_url") is null && tool.Member("connector_id") is null)
                    {
                        throw Invalid($"One of 'tools[{index}].server_url' or 'tools[{index}].connector_id' is required.", $"tools[{index}]", "missing_required_parameter");
                    }

                    break;
                default:
                    continue;
            }

            hosted.Add(new HostedTool(type, tool));
        }

        return hosted.Where(tool => tool.Type == "mcp").GroupBy(tool => tool.Label).FirstOrDefault(same => same.Count() > 1) is { } twice
            ? throw Invalid($"Duplicate server_label found: {twice.Key}. Please provide a unique server_label for each MCP server.", "tools", "invalid_value")
            : hosted.ToImmutable();
    }

    /// <summary>The tools that take free text.</summary>
    public static ImmutableArray<CustomTool> ReadCustom(JsonElement body)
    {
        var custom = ImmutableArray.CreateBuilder<CustomTool>();
        foreach (var (tool, index) in Tools(body))
        {
            if (tool.Text("type") != "custom")
            {
                continue;
            }

            var name = NameOf(tool, index);
            var format = tool.Member("format");
            if (format?.Text("type") is { } kind and not ("text" or "grammar"))
            {
                throw Invalid($"Invalid value: '{kind}'. Supported values are: 'text' and 'grammar'.", $"tools[{index}].format.type", "invalid_value");
            }

            if (format?.Text("type") == "grammar" && (format?.Text("definition") is null || format?.Text("syntax") is not ("lark" or "regex")))
            {
                throw Invalid("A grammar needs a 'syntax' of 'lark' or 'regex' and a 'definition'.", $"tools[{index}].format", "invalid_value");
            }

            custom.Add(new CustomTool(name, tool.Text("description") ?? string.Empty));
        }

        return custom.ToImmutable();
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
                "required" when Tools(body).Any() => ToolChoice.Required,
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
            case "custom":
                var custom = choice.Text("name");
                return Tools(body).Any(entry => entry.Tool.Text("type") == "custom" && entry.Tool.Text("name") == custom)
                    ? ToolChoice.Function(custom!)
                    : throw Invalid("Tool choice 'custom' not found in 'tools' parameter.", "tool_choice", "invalid_value");
            case "allowed_tools":
                var names = choice.Member("tools") is { ValueKind: JsonValueKind.Array } allowed
                    ? allowed.EnumerateArray().Select(tool => tool.Text("name")).OfType<string>().ToImmutableHashSet()
                    : [];
                return new ToolChoice(MayCall: true, MustCall: choice.Text("mode") == "required", names);
            default:
                // Forcing a hosted tool changes nothing: the model uses hosted tools when asked.
                return ToolChoice.Auto;
        }
    }

    private static IEnumerable<(JsonElement Tool, int Index)> Tools(JsonElement body) =>
        body.Member("tools") is { ValueKind: JsonValueKind.Array } tools ? tools.EnumerateArray().Select((tool, index) => (tool, index)) : [];

    private static void Require(JsonElement tool, int index, string name)
    {
        if (tool.Member(name) is null)
        {
            throw Invalid($"Missing required parameter: 'tools[{index}].{name}'.", $"tools[{index}].{name}", "missing_required_parameter");
        }
    }

    private static RequestRejectedException Invalid(string message, string param, string code) =>
        new(ApiError.Invalid(message, param, code));
}
