using Copilot.Domain.Replay.Compare;
using Copilot.Web.Components.Timeline.Shared;

namespace Copilot.Web.Components.RunScreen.Compare;

/// <summary>Two texts as they are shown beside each other.</summary>
/// <param name="A">The parts of the first: those that both have, and those that only it has.</param>
/// <param name="B">The parts of the second.</param>
/// <param name="IsCutInA">Whether only the beginning of the first was compared.</param>
/// <param name="IsCutInB">The same of the second.</param>
public sealed record TextPair(IReadOnlyList<DiffPart> A, IReadOnlyList<DiffPart> B, bool IsCutInA, bool IsCutInB)
{
    /// <summary>Compares two texts.</summary>
    /// <param name="a">The text of the first run; null where there is none.</param>
    /// <param name="b">The text of the second run; null where there is none.</param>
    /// <param name="isCode">True for JSON and the like, which is laid out.</param>
    /// <param name="work">What it may cost.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static TextPair Of(string? a, string? b, bool isCode, DiffWork work, CancellationToken cancellationToken)
    {
        var (first, second) = (Laid(a, isCode), Laid(b, isCode));
        // A text whose other side is missing is not new from end to end: its step is.
        var (ofA, ofB) = (Whole(first), Whole(second));
        if (a is not null && b is not null)
        {
            var parts = WordDiff.Of(first, second, work, cancellationToken);
            (ofA, ofB) = (Of(parts, DiffKind.OnlyInA), Of(parts, DiffKind.OnlyInB));
        }

        return new TextPair(ofA, ofB, a?.Length > CompareText.MaxText, b?.Length > CompareText.MaxText);
    }

    private static DiffPart[] Of(IReadOnlyList<DiffPart> parts, DiffKind own) => [.. parts.Where(part => part.Kind is DiffKind.Same || part.Kind == own)];

    private static DiffPart[] Whole(string text) => text.Length == 0 ? [] : [new DiffPart(DiffKind.Same, text)];

    private static string Laid(string? text, bool isCode)
    {
        var laid = isCode ? JsonFormat.Indent(text ?? "") : text ?? "";
        return laid.Length > CompareText.MaxText ? laid[..CompareText.MaxText] : laid;
    }
}
