using Copilot.Domain.Responses.Events;

namespace Copilot.Domain.Costs;

/// <summary>
/// The prices of a model, in units per million tokens, which is the same number as micro-units per token. So a cost is the sum of
/// tokens times prices, rounded once.
/// </summary>
/// <param name="Model">The table's entry: a name, or a prefix followed by a star.</param>
/// <param name="Input">Input that was not cached.</param>
/// <param name="Cached">Cached input.</param>
/// <param name="Output">Output that is not reasoning.</param>
/// <param name="Reasoning">Reasoning.</param>
public sealed record ModelPrice(string Model, decimal Input, decimal Cached, decimal Output, decimal Reasoning)
{
    /// <summary>Input that was written into the cache; null as <see cref="Input"/>.</summary>
    public decimal? CacheWrite { get; init; }

    /// <summary>
    /// What a response cost, in micro-units. Cached tokens are part of the input and reasoning tokens of the output
    /// (<see cref="ResponseUsage"/>): each token is paid once.
    /// </summary>
    public long Micros(ResponseUsage usage)
    {
        var (input, cached, output, reasoning) = Counted(usage);
        var written = Math.Clamp(usage.CacheWriteTokens, 0, input - cached);
        return Money.Round(((input - cached - written) * Input) + (cached * Cached) + (written * (CacheWrite ?? Input)) + ((output - reasoning) * Output) + (reasoning * Reasoning));
    }

    /// <summary>
    /// Lower bound of the next response's cost, in micro-units: this input and output are read again, all from the cache, and the answer
    /// is empty. The real cost is higher.
    /// </summary>
    public long MicrosOfNextAtLeast(ResponseUsage usage)
    {
        var (input, _, output, reasoning) = Counted(usage);
        return Money.Round((input + output - reasoning) * Math.Min(Cached, Input));
    }

    // An upstream may report more cached tokens than input; a token is still paid once, and no cost is negative.
    private static (decimal Input, decimal Cached, decimal Output, decimal Reasoning) Counted(ResponseUsage usage)
    {
        var input = Math.Max(0, usage.InputTokens);
        var output = Math.Max(0, usage.OutputTokens);
        return (input, Math.Clamp(usage.CachedTokens, 0, input), output, Math.Clamp(usage.ReasoningTokens, 0, output));
    }
}
