using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Requests;

namespace Copilot.Domain.Responses.Failures;

/// <summary>What a refusal is about: an extra that nobody set, an item of the conversation, a file.</summary>
public static partial class FailurePolicy
{
    private static readonly string[] s_policyCodes =
        ["invalid_prompt", "content_filter", "content_policy_violation", "moderation_blocked", "safety_violation"];

    // What a conversation cannot do without, or what others answer.
    private static readonly string[] s_needed =
    [
        "message", "function_call", "function_call_output", "custom_tool_call", "custom_tool_call_output",
        "mcp_approval_request", "mcp_approval_response",
    ];

    /// <summary>True for a code by which an upstream says that what it was sent is not allowed.</summary>
    public static bool IsPolicyCode(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        return s_policyCodes.Contains(code) || code.EndsWith("_policy", StringComparison.Ordinal) || code.EndsWith("_policy_violation", StringComparison.Ordinal);
    }

    /// <summary>The request itself was found wrong: something in it has to be another.</summary>
    private static bool IsInvalidRequest(FailureDetails details) =>
        details.Error is not null && details.Status is null or 400 or 404 or 415 or 422;

    /// <summary>The extra that was refused, or null.</summary>
    private static RequestExtra? RefusedExtra(FailureDetails details)
    {
        if (!IsInvalidRequest(details) || details.Error is not { } error)
        {
            return null;
        }

        var param = error.Param ?? "";
        foreach (var extra in details.Context.Extras)
        {
            if (extra switch
            {
                RequestExtra.ReasoningSummary => param is "reasoning" or "reasoning.summary" || Names(error, "reasoning.summary", "summary", "reasoning")
                    || details.Mentions("reasoning summar"),
                RequestExtra.Include => param == "include" || param.StartsWith("include[", StringComparison.Ordinal) || param.StartsWith("include.", StringComparison.Ordinal)
                    || Names(error, "include", "reasoning.encrypted_content"),
                RequestExtra.PromptCacheKey => param == "prompt_cache_key" || Names(error, "prompt_cache_key"),
                RequestExtra.ParallelToolCalls => param == "parallel_tool_calls" || Names(error, "parallel_tool_calls"),
                _ => StrictOfATool().IsMatch(param) || Names(error, "strict") || StrictOfATool().IsMatch(error.Message),
            })
            {
                return extra;
            }
        }

        return null;
    }

    /// <summary>True when the message names one of these as a parameter. Only where the error has no field for it.</summary>
    private static bool Names(ResponseError error, params ReadOnlySpan<string> parameters)
    {
        if (error.Param is not null)
        {
            return false;
        }

        foreach (Match named in NamedParameter().Matches(error.Message))
        {
            if (parameters.Contains(named.Groups["name"].Value.TrimEnd('.')))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The type of the items that were refused and can be left out, or null.</summary>
    private static string? RefusedItems(FailureDetails details)
    {
        if (details.Error is not { } error)
        {
            return null;
        }

        var isAboutInclude = error.Param?.StartsWith("include", StringComparison.Ordinal) == true;
        if (details.Context.HasReasoning && (details.HasCode("invalid_encrypted_content")
            || (IsInvalidRequest(details) && !isAboutInclude && (details.Mentions("encrypted content") || details.Mentions("encrypted_content")))))
        {
            return "reasoning";
        }

        if (!IsInvalidRequest(details))
        {
            return null;
        }

        var input = details.Context.Input;
        var type = ItemOf(details) is { } item && !IsAboutContent(error) ? InputWindow.TypeOf(item)
            : MissingItem().Match(error.Message) is { Success: true } missing ? TypeOf(missing.Groups["id"].Value, details.Context)
            : InvalidValue().Match(error.Message) is { Success: true } invalid ? invalid.Groups["value"].Value
            : null;
        return type is not null && !s_needed.Contains(type) && (type == "reasoning" ? details.Context.HasReasoning : input.Any(one => InputWindow.TypeOf(one) == type))
            ? type
            : null;
    }

    private static string? TypeOf(string itemId, FailureContext context)
    {
        var quoted = Encoding.UTF8.GetBytes($"\"{itemId}\"");
        return context.Input.FirstOrDefault(item => item.Json.Span.IndexOf(quoted) >= 0) is { } found ? InputWindow.TypeOf(found)
            : itemId.StartsWith("rs_", StringComparison.Ordinal) ? "reasoning"
            : null;
    }

    /// <summary>The files that the upstream cannot read, or none.</summary>
    private static List<MessageFile> RefusedFiles(FailureDetails details)
    {
        if (!IsInvalidRequest(details) || details.Error is not { } error || !IsAboutAFile(error))
        {
            return [];
        }

        if (ItemOf(details) is { } item && item.Files.Count > 0)
        {
            var part = ContentIndex().Match(error.Param!) is { Success: true } named
                && int.TryParse(named.Groups["index"].Value, CultureInfo.InvariantCulture, out var told) ? told : -1;
            var texts = item.Json.Span.IndexOf("input_text"u8) >= 0 ? 1 : 0;
            return part - texts is >= 0 and var index && index < item.Files.Count ? [item.Files[index]] : Readable(item);
        }

        // What was answered before could be read; the newest could not.
        return details.Context.Input.LastOrDefault(one => Readable(one).Count > 0) is { } newest ? Readable(newest) : [];
    }

    private static List<MessageFile> Readable(InputItem item) => [.. item.Files.Where(file => !file.IsRefused)];

    private static bool IsAboutAFile(ResponseError error) =>
        (error.Code is { } code && FileCode().IsMatch(code)) || (FileWord().IsMatch(error.Message) && UnreadableWord().IsMatch(error.Message));

    private static bool IsAboutContent(ResponseError error) => ContentIndex().IsMatch(error.Param ?? "");

    private static InputItem? ItemOf(FailureDetails details) =>
        InputIndex().Match(details.Error?.Param ?? "") is { Success: true } named
        && int.TryParse(named.Groups["index"].Value, CultureInfo.InvariantCulture, out var index) && index < details.Context.Input.Count
            ? details.Context.Input[index]
            : null;

    /// <summary>What somebody set on purpose and the upstream refused, by the name that it was set by; or null.</summary>
    private static string? RefusedSetting(FailureDetails details) => !IsInvalidRequest(details) ? null : details.Error?.Param switch
    {
        "reasoning.summary" => "Upstream:ReasoningSummary",
        "reasoning" or "reasoning.effort" => "Upstream:ReasoningEffort",
        "store" => "Upstream:Store",
        "model" => "the agent's model",
        "text" or "text.format" => "text_format",
        { } context when context.StartsWith("context_management", StringComparison.Ordinal) => "Upstream:CompactThreshold",
        { } format when format.StartsWith("text.format", StringComparison.Ordinal) => "text_format",
        { } metadata when metadata.StartsWith("metadata", StringComparison.Ordinal) => "metadata",
        { } tool when tool.StartsWith("tools", StringComparison.Ordinal) => "the agent's tools",
        _ => null,
    };

    /// <summary>True where the allowance of a minute is smaller than the request: no wait makes it fit.</summary>
    private static bool IsLargerThanItsAllowance(FailureDetails details) =>
        (details.Status is 429 || details.HasCode("rate_limit_exceeded", "rate_limit_error", "tokens"))
        && (details.Mentions("request too large")
            || (Allowance().Match(details.Error?.Message ?? "") is { Success: true } told
                && decimal.TryParse(told.Groups["limit"].Value.Replace(",", "", StringComparison.Ordinal), CultureInfo.InvariantCulture, out var limit)
                && decimal.TryParse(told.Groups["requested"].Value.Replace(",", "", StringComparison.Ordinal), CultureInfo.InvariantCulture, out var requested)
                && requested > limit));

    [GeneratedRegex(@"^tools(\[[0-9]+\]|\.[0-9]+)\.(function\.)?strict$|\btools(\[[0-9]+\]|\.[0-9]+)\.(function\.)?strict\b|^strict$")]
    private static partial Regex StrictOfATool();

    [GeneratedRegex(@"['""`](?<name>[\w.\[\]]+)['""`]|\b(?:parameters?|fields?|arguments?|permitted|property|key)s?:?\s+(?<name>[\w.\[\]]+)", RegexOptions.IgnoreCase)]
    private static partial Regex NamedParameter();

    [GeneratedRegex(@"Item with id '?(?<id>[\w-]+)'? not found", RegexOptions.IgnoreCase)]
    private static partial Regex MissingItem();

    [GeneratedRegex(@"(?:Invalid|Unknown|Unsupported) (?:value|item type|input type|type):? '?(?<value>\w+)'?", RegexOptions.IgnoreCase)]
    private static partial Regex InvalidValue();

    [GeneratedRegex(@"^(?:body\.)?input(?:\[|\.)(?<index>[0-9]+)")]
    private static partial Regex InputIndex();

    [GeneratedRegex(@"content(?:\[|\.)(?<index>[0-9]+)")]
    private static partial Regex ContentIndex();

    [GeneratedRegex("image|file|pdf|base64|media_type")]
    private static partial Regex FileCode();

    [GeneratedRegex(@"\b(images?|pictures?|files?|pdfs?|documents?|attachments?|base64|media type|mime type|input_image|input_file|image_url|file_data)\b", RegexOptions.IgnoreCase)]
    private static partial Regex FileWord();

    [GeneratedRegex(@"unsupported|not support|invalid|not valid|could not|couldn't|cannot|can't|unable|failed|corrupt|damaged|unreadable|too large|too small|exceed", RegexOptions.IgnoreCase)]
    private static partial Regex UnreadableWord();

    [GeneratedRegex(@"limit:?\s*(?<limit>[0-9,]+).{0,80}?requested:?\s*(?<requested>[0-9,]+)", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Allowance();
}
