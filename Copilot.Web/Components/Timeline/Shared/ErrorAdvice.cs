using System.Text.RegularExpressions;

namespace Copilot.Web.Components.Timeline.Shared;

/// <summary>What to do about an error, for who reads it: only an admin can change a setting.</summary>
internal static partial class ErrorAdvice
{
    /// <summary>The advice, or whom to ask where it names a setting that the reader cannot change; null where there is none.</summary>
    /// <param name="advice">What the failure's rule advises.</param>
    /// <param name="isAdmin">Whether an admin reads it.</param>
    public static string? For(string? advice, bool isAdmin) =>
        advice is { Length: > 0 } && !isAdmin && Setting.IsMatch(advice) ? TimelineText.AskAdmin : advice;

    [GeneratedRegex(@"\b[A-Z]\w+(:[A-Z]\w+)+", RegexOptions.NonBacktracking)]
    private static partial Regex Setting { get; }
}
