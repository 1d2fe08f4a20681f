using System.Text.RegularExpressions;

namespace Copilot.Domain.Replay.Export;

/// <summary>What is made unreadable in an export. Characters are covered one by one, so that texts still stream as they did.</summary>
public sealed record Redaction
{
    /// <summary>The most patterns.</summary>
    public const int MostPatterns = 50;

    /// <summary>The longest pattern, in characters.</summary>
    public const int LongestPattern = 200;

    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    private static readonly TimeSpan s_longestMatch = TimeSpan.FromSeconds(2);

    /// <summary>Nothing.</summary>
    public static Redaction None { get; } = new();

    /// <summary>What the model gave to tools.</summary>
    public bool Arguments { get; init; }

    /// <summary>What tools gave back.</summary>
    public bool Results { get; init; }

    /// <summary>Who people are: their ids become numbers, and <see cref="People"/> are covered in texts.</summary>
    public bool Names { get; init; }

    /// <summary>The names of the people, where <see cref="Names"/> is set.</summary>
    public IReadOnlyList<string> People { get; init; } = [];

    /// <summary>What else is covered, wherever it stands.</summary>
    public IReadOnlyList<Regex> Patterns { get; init; } = [];

    /// <summary>True when the export is an exact copy.</summary>
    public bool IsNone => !Arguments && !Results && !Names && Patterns.Count == 0;

    /// <summary>What is covered, as the file's header says it.</summary>
    public IReadOnlyList<string> Words =>
    [
        .. Arguments ? ["arguments"] : Array.Empty<string>(),
        .. Results ? ["results"] : Array.Empty<string>(),
        .. Names ? ["names"] : Array.Empty<string>(),
        .. Patterns.Count > 0 ? ["words"] : Array.Empty<string>(),
    ];

    /// <summary>The pattern of these very words.</summary>
    public static Regex LiteralOf(string words) => new(Regex.Escape(words), Options, s_longestMatch);

    /// <summary>Reads a pattern: a regular expression that never takes longer than its text is long. Null where it is none.</summary>
    public static Regex? PatternOf(string text)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > LongestPattern)
        {
            return null;
        }

        try
        {
            return new Regex(text.Trim(), Options, s_longestMatch);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
