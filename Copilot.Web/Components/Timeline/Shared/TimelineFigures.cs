using System.Globalization;
using System.Text;
using Copilot.Domain.Responses.Events;

namespace Copilot.Web.Components.Timeline.Shared;

/// <summary>How durations, counts, moments and tokens are written, here and wherever a run is shown.</summary>
internal static class TimelineFigures
{
    /// <summary>84 ms, 1.2 s, 2 m 05 s, 1 h 02 m. The script that ticks says it the same way.</summary>
    public static string Duration(TimeSpan time)
    {
        if (time < TimeSpan.Zero)
        {
            time = TimeSpan.Zero;
        }

        FormattableString words = time.TotalSeconds switch
        {
            < 0.9995 => $"{time.TotalMilliseconds:0} ms",
            < 59.95 => $"{time.TotalSeconds:0.0} s",
            < 3600 => $"{(int)time.TotalMinutes} m {time.Seconds:00} s",
            _ => $"{(int)time.TotalHours} h {time.Minutes:00} m",
        };
        return words.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>A time that stands still, as the script writes one that passes: 1.2 s, 1.2 s / 30.0 s, or what is left.</summary>
    public static string Elapsed(TimeSpan elapsed, TimeSpan? deadline, bool remaining) => deadline is not { } limit ? Duration(elapsed)
        : remaining ? $"{Duration(limit - elapsed)} {TimelineText.Left}"
        : $"{Duration(elapsed)} / {Duration(limit)}";

    /// <summary>1,234.</summary>
    public static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>1 tool, 2 tools.</summary>
    public static string Count(long number, string one, string many) => $"{Count(number)} {(number == 1 ? one : many)}";

    /// <summary>How much of a text is shown: 1,200 of 2,466 characters.</summary>
    public static string CountOf(long shown, long all) => $"{Count(shown)} of {Count(all)} characters";

    /// <summary>How far into the run, for example +1.2 s.</summary>
    public static string Offset(DateTimeOffset at, long originTicks) =>
        originTicks == 0 ? "" : $"+{Duration(TimeSpan.FromTicks(at.UtcTicks - originTicks))}";

    /// <summary>A moment on the viewer's clock, to the millisecond.</summary>
    public static string Clock(DateTimeOffset at, TimeZoneInfo? zone) =>
        TimeZoneInfo.ConvertTime(at, zone ?? TimeZoneInfo.Utc).ToString("d MMM yyyy, HH:mm:ss.fff", CultureInfo.InvariantCulture);

    /// <summary>Tokens of a run where there is little room: 1,234 in · 56 out.</summary>
    public static string TokenTotals(ResponseUsage usage) => $"{Count(usage.InputTokens)} in · {Count(usage.OutputTokens)} out";

    /// <summary>Tokens of a response or a run: 1,234 in (1,000 cached) · 56 out (40 reasoning).</summary>
    public static string Tokens(ResponseUsage usage)
    {
        var words = new StringBuilder().Append(Count(usage.InputTokens)).Append(" in");
        if (usage.CachedTokens > 0)
        {
            words.Append(" (").Append(Count(usage.CachedTokens)).Append(" cached)");
        }

        words.Append(" · ").Append(Count(usage.OutputTokens)).Append(" out");
        if (usage.ReasoningTokens > 0)
        {
            words.Append(" (").Append(Count(usage.ReasoningTokens)).Append(" reasoning)");
        }

        return words.ToString();
    }
}
