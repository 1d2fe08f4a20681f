namespace Copilot.Domain.Replay.Compare;

/// <summary>
/// Which step of one run stands beside which of another. What they are counts first: their kind and the tools that they call; how alike
/// their texts are decides among those.
/// </summary>
public static class StepAlignment
{
    // The similarity of words, up to 100, never outweighs a step that fits.
    private const int SameTools = 1000;
    private const int SomeTools = 400;

    /// <summary>The steps of both runs, each once and in its order.</summary>
    /// <param name="a">The steps of the first run.</param>
    /// <param name="b">Those of the second.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static IReadOnlyList<StepPair> Of(IReadOnlyList<RunStep> a, IReadOnlyList<RunStep> b, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        var (first, second) = (Sketch(a), Sketch(b));
        return
        [
            .. SequenceAlignment.Of(a.Count, b.Count, (x, y) => Score(first[x], second[y]), cancellationToken)
                .Select(pair => Pair(pair.A is { } x ? a[x] : null, pair.B is { } y ? b[y] : null, cancellationToken)),
        ];
    }

    private static StepPair Pair(RunStep? a, RunStep? b, CancellationToken cancellationToken) =>
        new(a, b) { Calls = Calls(a?.Calls ?? [], b?.Calls ?? [], cancellationToken) };

    private static List<CallPair> Calls(IReadOnlyList<StepCall> a, IReadOnlyList<StepCall> b, CancellationToken cancellationToken)
    {
        var (first, second) = (Words(a), Words(b));
        return
        [
            .. SequenceAlignment.Of(a.Count, b.Count, (x, y) => a[x].Name == b[y].Name ? SameTools + first[x].Similarity(second[y]) : 0, cancellationToken)
                .Select(pair => new CallPair(pair.A is { } x ? a[x] : null, pair.B is { } y ? b[y] : null)),
        ];
    }

    private static WordBag[] Words(IReadOnlyList<StepCall> calls) => [.. calls.Select(call => new WordBag(call.Arguments, call.Result ?? ""))];

    private static StepSketch[] Sketch(IReadOnlyList<RunStep> steps) =>
    [
        .. steps.Select(step => new StepSketch(
            step.Kind,
            [.. step.Calls.Select(call => call.Name).Order(StringComparer.Ordinal)],
            new WordBag(step.Calls.Select(call => call.Arguments).Prepend(step.Text)))),
    ];

    private static int Score(StepSketch a, StepSketch b) =>
        a.Kind != b.Kind ? 0
        : a.Tools.SequenceEqual(b.Tools) ? SameTools + a.Words.Similarity(b.Words)
        : a.Tools.Intersect(b.Tools).Any() ? SomeTools + a.Words.Similarity(b.Words)
        : 0;

    private sealed record StepSketch(RunStepKind Kind, IReadOnlyList<string> Tools, WordBag Words);
}
