using System.Globalization;

namespace Copilot.Web.Audit;

/// <summary>Days and moments as people type them.</summary>
internal static class AuditDays
{
    /// <summary>The moment that a text means: a day (yyyy-MM-dd) in a time zone, or a moment with its own; null for anything else.</summary>
    /// <param name="text">The text.</param>
    /// <param name="zone">Where days begin.</param>
    /// <param name="more">Days that are added to a day: 1 for its end.</param>
    public static DateTimeOffset? Parse(string? text, TimeZoneInfo zone, int more)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            if (day.DayNumber + more > DateOnly.MaxValue.DayNumber)
            {
                return null;
            }

            var midnight = day.AddDays(more).ToDateTime(TimeOnly.MinValue);
            while (zone.IsInvalidTime(midnight))
            {
                midnight = midnight.AddMinutes(30);
            }

            return new DateTimeOffset(midnight, zone.GetUtcOffset(midnight)).ToUniversalTime();
        }

        return DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at : null;
    }
}
