namespace Copilot.Domain.Responses.Requests;

/// <summary>The fields of a request except its input. Equal settings are a condition for continuing with a delta.</summary>
public sealed record ResponseSettings
{
    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>Sent with every request, because the upstream does not inherit it.</summary>
    public string? Instructions { get; init; }

    /// <summary>The API's <c>tools</c> array as UTF-8 JSON, or empty for none. Not inherited either.</summary>
    public ReadOnlyMemory<byte> Tools { get; init; }

    /// <summary>
    /// The API's <c>include</c> beside <c>reasoning.encrypted_content</c>, which every request without <c>store</c> asks for.
    /// </summary>
    public IReadOnlyList<string> Include { get; init; } = [];

    /// <summary>Whether reasoning is asked for in its encrypted form where the upstream does not store.</summary>
    public bool IncludesReasoning { get; init; } = true;

    /// <summary>The API's <c>parallel_tool_calls</c>; null leaves it to the upstream.</summary>
    public bool? ParallelToolCalls { get; init; } = true;

    /// <summary>Whether the upstream may store the response.</summary>
    public bool Store { get; init; }

    /// <summary>The API's <c>reasoning.effort</c>, or null for the model's default.</summary>
    public string? ReasoningEffort { get; init; }

    /// <summary>The API's <c>reasoning.summary</c>, or null for none.</summary>
    public string? ReasoningSummary { get; init; }

    /// <summary>The API's <c>max_output_tokens</c>, or null.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>
    /// Tokens of context above which the upstream compacts on its own (<c>context_management</c>), or null for never. Such a response
    /// cannot be steered.
    /// </summary>
    public int? CompactThreshold { get; init; }

    /// <summary>The API's <c>prompt_cache_key</c>, or null.</summary>
    public string? PromptCacheKey { get; init; }

    /// <summary>The API's <c>text</c> object as UTF-8 JSON (structured output), or empty for none.</summary>
    public ReadOnlyMemory<byte> Text { get; init; }

    /// <summary>The API's <c>metadata</c>: at most 16 pairs, keys to 64 and values to 512 characters.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}
