using Copilot.Domain.Responses.Events;

namespace Copilot.Domain.Costs;

/// <summary>
/// The prices of a model, in units per million tokens, which is the same number as micro-units per token. So a cost is the sum of
/// tokens times prices, rounded once.
/// </summary>
/// <param name="Model">The entry of the table: a name, or the beginning of names with a star at its end.</param>
/// <param name="Input">Input that was not cached.</param>
/// <param name="Cached">Cached input.</param>
/// <param name="Output">Output that is not reasoning.</param>
/// <param name="Reasoning">Reasoning.</param>
public sealed record ModelPrice(string Model, decimal Input, decimal Cached, decimal Output, decimal Reasoning)
{
    /// <summary>
    /// What a response cost, in micro-units. Cached tokens are part of the input and reasoning tokens of the output
    /// (<see cref="ResponseUsage"/>): each token is paid once.
    /// </summary>
    public long Micros(ResponseUsage usage)
    {
        var (input, cached, output, reasoning) = Counted(usage);
        return Money.Round(((input - cached) * Input) + (cached * Cached) + ((output - reasoning) * Output) + (reasoning * Reasoning));
    }

    /// <summary>
    /// The least that the response after this one costs, in micro-units: what was read and said is read again, all of it from the
    /// cache, and nothing is answered. A bound, not a guess: the real cost is higher.
    /// </summary>
    public long MicrosOfNextAtLeast(ResponseUsage usage)
    {
        var (input, _, output, reasoning) = Counted(usage);
        return Money.Round((input + output - reasoning) * Math.Min(Cached, Input));
    }

    // An upstream may tell more cached tokens than there was input; a token is still paid once and never below nothing.
    private static (decimal Input, decimal Cached, decimal Output, decimal Reasoning) Counted(ResponseUsage usage)
    {
        var input = Math.Max(0, usage.InputTokens);
        var output = Math.Max(0, usage.OutputTokens);
        return (input, Math.Clamp(usage.CachedTokens, 0, input), output, Math.Clamp(usage.ReasoningTokens, 0, output));
    }
}
