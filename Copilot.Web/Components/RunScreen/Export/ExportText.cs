using System.Globalization;

namespace Copilot.Web.Components.RunScreen.Export;

/// <summary>What the export of runs says.</summary>
internal static class ExportText
{
    public const string Export = "Export";
    public const string Title = "Export";
    public const string Question = "Question";
    public const string Untitled = "Run";
    public const string Closed = "closed";

    // What.
    public const string What = "What";
    public const string ThisRun = "This run";
    public const string ThisClip = "The measured stretch";
    public const string WholeConversation = "The whole conversation";

    // As what.
    public const string As = "As";
    public const string Html = "Web page that plays by itself";
    public const string Lines = "Events as lines of JSON, to read in again";
    public const string Markdown = "Text (Markdown)";

    // What is covered.
    public const string Cover = "Cover";
    public const string CoverArguments = "What the model gave to tools";
    public const string CoverResults = "What tools gave back";
    public const string CoverNames = "Names of people";
    public const string CoverWords = "Words, one pattern a line";
    public const string NotCovered = "Nothing is covered: this is an exact copy.";
    public const string Preview = "Preview";
    public const string Download = "Download";
    public const string Cancel = "Cancel";
    public const string TooMuch = "This is too much to export at once. Export single runs, or a stretch.";
    public const string Failed = "The export failed. Nothing was changed; you can try again.";
    public const string NotAllowed = "You can't see this any more.";

    /// <summary>What the player in the file says.</summary>
    public static object File { get; } = new { play = "Play", pause = "Pause", position = "Position", speed = "Speed", run = "Run", timeline = "Timeline", player = "Player" };

    /// <summary>A pattern that is none.</summary>
    public static string NoPattern(string pattern) => $"“{pattern}” is no pattern that can be searched for.";

    /// <summary>Too many patterns.</summary>
    public static string TooManyPatterns(int most) => $"At most {most.ToString(CultureInfo.InvariantCulture)} patterns.";

    /// <summary>How large the file is.</summary>
    public static string Size(string size) => $"File of {size}";

    /// <summary>What was covered, for who reads the file.</summary>
    public static string Covered(IReadOnlyList<string> words) => words.Count == 0 ? "" : $"Covered: {string.Join(", ", words)}";
}
