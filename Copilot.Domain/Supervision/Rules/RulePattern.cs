using System.Text.RegularExpressions;

namespace Copilot.Domain.Supervision.Rules;

/// <summary>
/// A regular expression that somebody wrote: matched in time that grows with the text alone, and given up after <see cref="TimeLimit"/>.
/// What needs backtracking (looking around, referring back) is refused.
/// </summary>
public static partial class RulePattern
{
    /// <summary>Longest pattern, in UTF-16 units.</summary>
    public const int MaxLength = 200;

    /// <summary>How long one match may take.</summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromMilliseconds(250);

    // Counted repetitions multiply: what is written short may be built large, and the time limit is looked at once in a thousand characters.
    private const long MostRepetitions = 100;

    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    /// <summary>The expression of a pattern, or null where it cannot be used; <see cref="FindProblem"/> says why.</summary>
    public static Regex? Create(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        if (pattern.Length is 0 or > MaxLength || Repetitions(pattern) > MostRepetitions)
        {
            return null;
        }

        try
        {
            return new Regex(pattern, Options, TimeLimit);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>The match of a pattern, or null where it cannot be used.</summary>
    public static Predicate<string>? Matcher(string pattern) => Create(pattern) is { } expression ? expression.IsMatch : null;

    /// <summary>What is wrong with a pattern, as a sentence; null when it can be used.</summary>
    public static string? FindProblem(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        if (pattern.Length is 0 or > MaxLength)
        {
            return RuleSentences.PatternLength(pattern.Length);
        }

        if (Repetitions(pattern) > MostRepetitions)
        {
            return RuleSentences.PatternTooLarge;
        }

        try
        {
            _ = new Regex(pattern, Options, TimeLimit);
            return null;
        }
        catch (NotSupportedException)
        {
            return RuleSentences.PatternNotSafe;
        }
        catch (ArgumentException exception)
        {
            return RuleSentences.PatternInvalid(exception.Message);
        }
    }

    /// <summary>The product of all counted repetitions: no less than what they make together.</summary>
    private static long Repetitions(string pattern)
    {
        var product = 1L;
        foreach (Match match in Counted().Matches(pattern))
        {
            var most = match.Groups[2].Length > 0 ? match.Groups[2].Value : match.Groups[1].Value;
            product = long.TryParse(most, out var count) && count <= MostRepetitions ? product * Math.Max(1, count) : MostRepetitions + 1;
            if (product > MostRepetitions)
            {
                break;
            }
        }

        return product;
    }

    [GeneratedRegex(@"\{(\d+)(?:,(\d*))?\}", RegexOptions.NonBacktracking)]
    private static partial Regex Counted();
}
