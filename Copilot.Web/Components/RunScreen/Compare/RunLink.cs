using System.Globalization;
using System.Text.RegularExpressions;
using Copilot.Domain.Replay;

namespace Copilot.Web.Components.RunScreen.Compare;

/// <summary>A run and a moment of it, as an address names them.</summary>
/// <param name="RunId">The run; it may not exist.</param>
/// <param name="Seq">The moment; null for its newest.</param>
internal sealed partial record RunLink(string RunId, long? Seq)
{
    /// <summary>Reads what somebody pasted: the address of a run's page, or a run's id. Null for anything else.</summary>
    public static RunLink? TryRead(string? text) => Pasted().Match(text?.Trim() ?? "") is { Success: true } found
        ? new RunLink(found.Groups["run"].Value, SeqRange.TryParse(found.Groups["seq"].Value, out var range) ? range?.First : null)
        : null;

    /// <summary>The address of the page that puts both side by side.</summary>
    public static string Compare(RunLink a, RunLink b) => $"/runs/compare?a={a.RunId}&b={b.RunId}{Moment("aSeq", a)}{Moment("bSeq", b)}";

    /// <summary>The address of the run's page at this moment.</summary>
    public string Address => $"/runs/{RunId}" + (Seq is { } seq ? $"?seq={seq.ToString(CultureInfo.InvariantCulture)}" : "");

    private static string Moment(string name, RunLink link) =>
        link.Seq is { } seq ? $"&{name}={seq.ToString(CultureInfo.InvariantCulture)}" : "";

    [GeneratedRegex(@"^(?:\S*/runs/)?(?<run>run_[0-9a-z_]{1,64})(?:[/?#]\S*?)?(?:[?&]seq=(?<seq>[0-9.]+)\S*)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Pasted();
}
