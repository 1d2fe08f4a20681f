using System.Collections.Immutable;
using Copilot.Domain.Responses.Events.Output;

namespace Copilot.Domain.Timeline.State;

/// <summary>The output of a response that has not ended, and where each of its items stands in the timeline.</summary>
/// <param name="Attempt">The response's attempt.</param>
/// <param name="Output">What was said of it so far.</param>
/// <param name="Entries">Ordinal by the item's number in the output.</param>
internal sealed record OpenOutput(int Attempt, ResponseOutput Output, ImmutableDictionary<int, int> Entries)
{
    /// <summary>The output of an attempt of which nothing was said.</summary>
    public static OpenOutput Of(int attempt) => new(attempt, ResponseOutput.Empty, ImmutableDictionary<int, int>.Empty);
}
