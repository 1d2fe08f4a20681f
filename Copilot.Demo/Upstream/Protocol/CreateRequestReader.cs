using System.Collections.Immutable;
using System.Text.Json;
using Copilot.Demo.Upstream.Answering;
using Copilot.Demo.Upstream.Faults;
using Copilot.Demo.Upstream.Http;
using Copilot.Demo.Upstream.Model;
using Copilot.Demo.Upstream.Network;
namespace Copilot.Demo.Upstream.Protocol;

/// <summary>
/// Reads and validates the body of a request. It is as strict as the API, apart from what existing clients send along
/// (<c>stream</c> over WebSocket, <c>client_metadata</c>).
/// </summary>
internal static class CreateRequestReader
{
    private const int MinOutputTokens = 16;
    private const int MaxMetadataPairs = 16;
    private const int MaxMetadataKey = 64;
    private const int MaxMetadataValue = 512;

    public static CreateRequest Read(JsonElement body, RequestTransport transport) =>
        Read(body, transport, RequiredText(body, "model"));

    /// <summary>Reads an input that is only counted: it needs no model.</summary>
    public static CreateRequest ReadToCount(JsonElement body) =>
        Read(body, RequestTransport.Http, OptionalText(body, "model"));

    private static CreateRequest Read(JsonElement body, RequestTransport transport, string? model)
    {
        RefuseWhatTheTransportHasNot(body, transport);
        if (model is not null)
        {
            RequestParameters.CheckModel(model);
        }

        RequestParameters.Check(body, transport);
        var previous = OptionalText(body, "previous_response_id");
        RefuseConversation(body, previous);

        var generate = !body.IsFalse("generate") && body.Member("prompt_cache_options")?.IsTrue("prewarm") is not true;
        var tools = ToolsReader.ReadTools(body);
        var metadata = ReadMetadata(body);
        return new CreateRequest
        {
            Body = body,
            Model = model ?? DemoModels.Names[0],
            Instructions = OptionalText(body, "instructions"),
            Input = ReadInput(body, needed: generate && previous is null),
            PreviousResponseId = previous,
            Store = ReadFlag(body, "store", whenMissing: true),
            Generate = generate,
            Stream = transport == RequestTransport.WebSocket || ReadFlag(body, "stream", whenMissing: false),
            Obfuscate = transport == RequestTransport.WebSocket
                || body.Member("stream_options")?.IsFalse("include_obfuscation") is not true,
            Tools = tools,
            HostedTools = ToolsReader.ReadHosted(body),
            CustomTools = ToolsReader.ReadCustom(body),
            ToolChoice = ToolsReader.ReadChoice(body, tools),
            McpServers = McpServer.In(body),
            ParallelToolCalls = ReadFlag(body, "parallel_tool_calls", whenMissing: true),
            MaxOutputTokens = ReadMaxOutputTokens(body),
            Background = body.IsTrue("background"),
            CompactThreshold = ReadCompactThreshold(body),
            Metadata = metadata,
            Fault = ReadFault(metadata),
            IncludeEncryptedReasoning = Includes(body, "reasoning.encrypted_content"),
            IncludeSources = Includes(body, "web_search_call.action.sources"),
            IncludeResults = Includes(body, "file_search_call.results"),
            IncludeOutputs = Includes(body, "code_interpreter_call.outputs"),
            SummarizeReasoning = body.Member("reasoning")?.Text("summary") is not null,
            Reason = body.Member("reasoning")?.Text("effort") is not "none",
            AnswerSchema = AnswerFormatReader.Read(body),
        };
    }

    private static void RefuseWhatTheTransportHasNot(JsonElement body, RequestTransport transport)
    {
        if (transport == RequestTransport.WebSocket && body.IsTrue("background"))
        {
            throw Invalid("The 'background' parameter is not supported over WebSocket.", "background", "unsupported_parameter");
        }

        if (body.IsTrue("background") && body.IsFalse("store"))
        {
            throw Invalid("Background mode requires 'store' to be true.", "background", "invalid_value");
        }

        if (transport == RequestTransport.Http && body.TryGetProperty("generate", out _))
        {
            throw Invalid("Unsupported parameter: generate", "generate", "unsupported_parameter");
        }
    }

    private static void RefuseConversation(JsonElement body, string? previousResponseId)
    {
        if (body.Member("conversation") is null)
        {
            return;
        }

        if (previousResponseId is not null)
        {
            throw Invalid(
                "Mutually exclusive parameters: 'previous_response_id' and 'conversation'. Ensure you are only providing one of: 'previous_response_id' or 'conversation'.",
                "previous_response_id",
                "mutually_exclusive_parameters");
        }

        throw new RequestRejectedException(ApiError.NoConversations("conversation"));
    }

    private static ImmutableArray<ConversationItem> ReadInput(JsonElement body, bool needed)
    {
        if (body.Member("input") is not { } input)
        {
            return needed
                ? throw Invalid(
                    "One of \"input\" or \"previous_response_id\" or 'prompt' or 'conversation_id' must be provided.",
                    "input",
                    "missing_required_parameter")
                : [];
        }

        switch (input.ValueKind)
        {
            case JsonValueKind.String:
                return [InputItems.UserMessage(input.GetString()!)];
            case JsonValueKind.Array:
                return [.. input.EnumerateArray().Select(InputItems.Read)];
            default:
                throw Invalid(
                    "Invalid type for 'input': expected one of a string or array of input items.",
                    "input",
                    "invalid_type");
        }
    }

    private static int? ReadMaxOutputTokens(JsonElement body)
    {
        if (body.Member("max_output_tokens") is not { } member)
        {
            return null;
        }

        if (member.ValueKind != JsonValueKind.Number || !member.TryGetInt32(out var tokens))
        {
            throw Invalid("Invalid type for 'max_output_tokens': expected an integer.", "max_output_tokens", "invalid_type");
        }

        return tokens >= MinOutputTokens
            ? tokens
            : throw Invalid(
                $"Invalid 'max_output_tokens': integer below minimum value. Expected a value >= {MinOutputTokens}, but got {tokens} instead.",
                "max_output_tokens",
                "integer_below_min_value");
    }

    private static ImmutableDictionary<string, string> ReadMetadata(JsonElement body)
    {
        if (body.Member("metadata") is not { } metadata)
        {
            return ImmutableDictionary<string, string>.Empty;
        }

        if (metadata.ValueKind != JsonValueKind.Object)
        {
            throw Invalid("Invalid type for 'metadata': expected an object with string values.", "metadata", "invalid_type");
        }

        var pairs = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var pair in metadata.EnumerateObject())
        {
            if (pair.Value.ValueKind != JsonValueKind.String)
            {
                throw Invalid($"Invalid type for 'metadata.{pair.Name}': expected a string.", $"metadata.{pair.Name}", "invalid_type");
            }

            var value = pair.Value.GetString()!;
            if (pair.Name.Length > MaxMetadataKey || value.Length > MaxMetadataValue)
            {
                throw Invalid(
                    $"Invalid 'metadata': keys have at most {MaxMetadataKey} characters and values at most {MaxMetadataValue}.",
                    "metadata",
                    "string_above_max_length");
            }

            pairs[pair.Name] = value;
        }

        if (pairs.Count > MaxMetadataPairs)
        {
            throw Invalid($"Invalid 'metadata': at most {MaxMetadataPairs} pairs.", "metadata", "object_above_max_properties");
        }

        if (pairs.TryGetValue(DemoNetwork.Key, out var profile) && NetworkProfile.Find(profile) is null)
        {
            throw Invalid($"Invalid metadata: '{profile}' is not a network of the demo upstream.", "metadata", "invalid_value");
        }

        try
        {
            ScriptedResponse.Read(pairs);
        }
        catch (FormatException exception)
        {
            throw Invalid(exception.Message, "metadata", "invalid_value");
        }

        return pairs.ToImmutable();
    }

    private static int? ReadCompactThreshold(JsonElement body)
    {
        if (body.Member("context_management") is not { } management)
        {
            return null;
        }

        if (management.ValueKind != JsonValueKind.Array)
        {
            throw Invalid("Invalid type for 'context_management': expected an array.", "context_management", "invalid_type");
        }

        int? threshold = null;
        foreach (var entry in management.EnumerateArray())
        {
            if (entry.Text("type") != Compaction.ItemType)
            {
                throw Invalid(
                    $"Invalid value: '{entry.Text("type")}'. Supported values are: 'compaction'.", "context_management[0].type", "invalid_value");
            }

            threshold = entry.Member("compact_threshold") is { ValueKind: JsonValueKind.Number } member && member.TryGetInt32(out var tokens) && tokens > 0
                ? tokens
                : throw Invalid(
                    "Invalid 'compact_threshold': expected a positive integer.", "context_management[0].compact_threshold", "invalid_value");
        }

        return threshold;
    }

    private static DemoFault? ReadFault(ImmutableDictionary<string, string> metadata)
    {
        DemoFault? fault;
        try
        {
            fault = FaultKeys.Read(metadata);
        }
        catch (FormatException exception)
        {
            throw Invalid(exception.Message, "metadata", "invalid_value");
        }

        // Nobody can tell whose request an upgrade will carry: the fault would strike anybody's.
        return fault is not null && DemoFaultCatalog.Find(fault.Fault)!.Place == DemoFaultStage.Upgrade
            ? throw Invalid(
                $"Invalid metadata: '{fault.Fault}' strikes a connection before it has a request. Set it for the whole server or in the base address.",
                "metadata",
                "invalid_value")
            : fault;
    }

    private static bool Includes(JsonElement body, string value) =>
        body.Member("include") is { ValueKind: JsonValueKind.Array } include
        && include.EnumerateArray().Any(entry => entry.ValueKind == JsonValueKind.String && entry.ValueEquals(value));

    private static bool ReadFlag(JsonElement body, string name, bool whenMissing) =>
        body.Member(name) is not { } member
            ? whenMissing
            : member.ValueKind switch
            {
                JsonValueKind.True => true,
                JsonValueKind.False => false,
                _ => throw Invalid($"Invalid type for '{name}': expected a boolean.", name, "invalid_type"),
            };

    private static string RequiredText(JsonElement body, string name) =>
        OptionalText(body, name) is { Length: > 0 } text
            ? text
            : throw Invalid($"Missing required parameter: '{name}'.", name, "missing_required_parameter");

    private static string? OptionalText(JsonElement body, string name) =>
        body.Member(name) is not { } member
            ? null
            : member.ValueKind == JsonValueKind.String
                ? member.GetString()
                : throw Invalid($"Invalid type for '{name}': expected a string.", name, "invalid_type");

    private static RequestRejectedException Invalid(string message, string param, string code) =>
        new(ApiError.Invalid(message, param, code));
}
