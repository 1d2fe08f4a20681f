namespace Copilot.Domain.Responses.Events;

/// <summary>Tokens of one response, or summed over a run. Cached and written tokens are part of the input, reasoning tokens of the output.</summary>
public readonly record struct ResponseUsage(long InputTokens, long CachedTokens, long OutputTokens, long ReasoningTokens)
{
    /// <summary>More than a response can have: such a number is a mistake, and a sum of many would overflow.</summary>
    internal const long MostTokens = 1_000_000_000_000;

    /// <summary>Input tokens that were written into the upstream's cache; some upstreams charge more for them.</summary>
    [System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingDefault)]
    public long CacheWriteTokens { get; init; }

    /// <summary>Adds two usages field by field.</summary>
    public static ResponseUsage operator +(ResponseUsage left, ResponseUsage right) => Add(left, right);

    /// <inheritdoc cref="op_Addition"/>
    public static ResponseUsage Add(ResponseUsage left, ResponseUsage right) => new(
        left.InputTokens + right.InputTokens,
        left.CachedTokens + right.CachedTokens,
        left.OutputTokens + right.OutputTokens,
        left.ReasoningTokens + right.ReasoningTokens)
    {
        CacheWriteTokens = left.CacheWriteTokens + right.CacheWriteTokens,
    };
}
