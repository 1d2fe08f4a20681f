using System.Globalization;

namespace Copilot.Domain.Replay;

/// <summary>Events of a run from one to another, both included.</summary>
/// <param name="First">Seq of the first.</param>
/// <param name="Last">Seq of the last, not before the first.</param>
public sealed record SeqRange(long First, long Last)
{
    private const string Between = "..";

    /// <summary>Reads what stands in an address: a number, or two with two dots between them. False for anything else.</summary>
    /// <param name="text">What stands there.</param>
    /// <param name="range">The events; one alone is first and last.</param>
    public static bool TryParse(string? text, out SeqRange? range)
    {
        range = null;
        var parts = (text ?? "").Split(Between);
        if (parts.Length > 2
            || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            || !long.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            || first < 1)
        {
            return false;
        }

        range = first <= last ? new SeqRange(first, last) : new SeqRange(last, first);
        return range.First >= 1;
    }

    /// <summary>As it stands in an address.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{First}{Between}{Last}");
}
