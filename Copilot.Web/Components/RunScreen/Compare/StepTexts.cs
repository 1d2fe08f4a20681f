using Copilot.Domain.Replay.Compare;

namespace Copilot.Web.Components.RunScreen.Compare;

/// <summary>The texts of a step, compared.</summary>
/// <param name="Text">What a person or the model said.</param>
/// <param name="Calls">Arguments and result of each of its calls, in their order.</param>
public sealed record StepTexts(TextPair Text, IReadOnlyList<(TextPair Arguments, TextPair Result)> Calls)
{
    /// <summary>Compares them.</summary>
    /// <param name="pair">The step on both sides.</param>
    /// <param name="work">What it may cost.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static StepTexts Of(StepPair pair, DiffWork work, CancellationToken cancellationToken) => new(
        TextPair.Of(pair.A?.Text, pair.B?.Text, isCode: false, work, cancellationToken),
        [
            .. pair.Calls.Select(call => (
                TextPair.Of(call.A?.Arguments, call.B?.Arguments, isCode: true, work, cancellationToken),
                TextPair.Of(ResultOf(call.A), ResultOf(call.B), isCode: true, work, cancellationToken))),
        ]);

    private static string? ResultOf(StepCall? call) => call is null ? null : call.Result ?? "";
}
