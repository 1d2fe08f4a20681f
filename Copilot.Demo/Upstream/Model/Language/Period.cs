using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Copilot.Demo.Upstream.Model.Language;

/// <summary>The span of time a request means: a day, a week, or the two weeks from now.</summary>
internal readonly partial record struct Period(DateTimeOffset From, DateTimeOffset To)
{
    private const int UsualDays = 14;
    private const int DaysInWeek = 7;

    public JsonNode FromText => Text(From);

    public JsonNode ToText => Text(To);

    public static Period In(string text, DateTimeOffset now)
    {
        var today = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        if (IsoDate().Match(text) is { Success: true } date
            && DateTimeOffset.TryParseExact(
                date.Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var day))
        {
            return Day(day);
        }

        if (Phrases.Has(text, "tomorrow"))
        {
            return Day(today.AddDays(1));
        }

        if (Phrases.Has(text, "today"))
        {
            return Day(today);
        }

        var monday = today.AddDays(DaysInWeek - (((int)today.DayOfWeek + 6) % DaysInWeek));
        if (Phrases.Has(text, "this week"))
        {
            return new Period(now, monday.AddSeconds(-1));
        }

        if (Phrases.Has(text, "next week"))
        {
            return new Period(monday, monday.AddDays(DaysInWeek).AddSeconds(-1));
        }

        foreach (var weekday in Enum.GetValues<DayOfWeek>())
        {
            if (Phrases.Has(text, weekday.ToString()))
            {
                var ahead = ((int)weekday - (int)today.DayOfWeek + DaysInWeek) % DaysInWeek;
                return Day(today.AddDays(ahead == 0 ? DaysInWeek : ahead));
            }
        }

        return new Period(now, today.AddDays(UsualDays).AddSeconds(-1));
    }

    private static Period Day(DateTimeOffset day) => new(day, day.AddDays(1).AddSeconds(-1));

    private static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\b\d{4}-\d{2}-\d{2}\b")]
    private static partial Regex IsoDate();
}
