using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using Copilot.Demo.Upstream.Http;

namespace Copilot.Demo.Upstream.Protocol;

/// <summary>
/// Refuses what the API refuses although this server would not need to look at it: unknown parameters and models, numbers out of range.
/// What goes well here must not fail at the real one.
/// </summary>
internal static class RequestParameters
{
    // Protocol §2.1; client_metadata is what Codex sends.
    private static readonly FrozenSet<string> s_known = new[]
    {
        "access_programs", "background", "background_options", "client_metadata", "context_management", "conversation", "generate", "image",
        "include", "input", "instructions", "max_output_tokens", "max_tool_calls", "metadata", "model", "moderation", "parallel_tool_calls",
        "previous_response_id", "prompt", "prompt_cache_key", "prompt_cache_options", "prompt_cache_retention", "reasoning",
        "safety_identifier", "service_tier", "store", "stream", "stream_options", "temperature", "text", "tool_choice", "tools",
        "top_logprobs", "top_p", "truncation", "user",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> s_envelope = new[] { "type", "stream_id" }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> s_includable = new[]
    {
        "file_search_call.results", "web_search_call.results", "web_search_call.action.sources", "message.input_image.image_url",
        "computer_call_output.output.image_url", "code_interpreter_call.outputs", "reasoning.encrypted_content", "message.output_text.logprobs",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <exception cref="RequestRejectedException">The API would refuse it.</exception>
    public static void Check(JsonElement body, RequestTransport transport)
    {
        foreach (var member in body.EnumerateObject())
        {
            if (!s_known.Contains(member.Name) && !(transport == RequestTransport.WebSocket && s_envelope.Contains(member.Name)))
            {
                throw Invalid($"Unknown parameter: '{member.Name}'.", member.Name, "unknown_parameter");
            }
        }

        CheckNumber(body, "temperature", most: 2, whole: false);
        CheckNumber(body, "top_p", most: 1, whole: false);
        CheckNumber(body, "top_logprobs", most: 20, whole: true);
        CheckIncluded(body);
    }

    /// <exception cref="RequestRejectedException">The demo has no model of this name.</exception>
    public static void CheckModel(string model)
    {
        if (!DemoModels.Names.Contains(model))
        {
            throw Invalid($"The requested model '{model}' does not exist.", "model", "model_not_found");
        }
    }

    private static void CheckNumber(JsonElement body, string name, double most, bool whole)
    {
        if (body.Member(name) is not { } member)
        {
            return;
        }

        var kind = whole ? "integer" : "decimal";
        if (member.ValueKind != JsonValueKind.Number || (whole && !member.TryGetInt32(out _)))
        {
            throw Invalid($"Invalid type for '{name}': expected {(whole ? "an integer" : "a decimal")}.", name, "invalid_type");
        }

        var value = member.GetDouble();
        if (value < 0)
        {
            throw Invalid(
                $"Invalid '{name}': {kind} below minimum value. Expected a value >= 0, but got {member.GetRawText()} instead.", name, $"{kind}_below_min_value");
        }

        if (value > most)
        {
            throw Invalid(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Invalid '{name}': {kind} above maximum value. Expected a value <= {most}, but got {member.GetRawText()} instead."),
                name,
                $"{kind}_above_max_value");
        }
    }

    private static void CheckIncluded(JsonElement body)
    {
        if (body.Member("include") is not { } include)
        {
            return;
        }

        if (include.ValueKind != JsonValueKind.Array)
        {
            throw Invalid("Invalid type for 'include': expected an array of strings.", "include", "invalid_type");
        }

        foreach (var (entry, index) in include.EnumerateArray().Select((entry, index) => (entry, index)))
        {
            if (entry.ValueKind != JsonValueKind.String || !s_includable.Contains(entry.GetString()!))
            {
                throw Invalid(
                    $"Invalid value: '{entry}'. Supported values are: {string.Join(", ", s_includable.Order(StringComparer.Ordinal).Select(value => $"'{value}'"))}.",
                    $"include[{index}]",
                    "invalid_value");
            }
        }
    }

    private static RequestRejectedException Invalid(string message, string param, string code) =>
        new(ApiError.Invalid(message, param, code));
}
