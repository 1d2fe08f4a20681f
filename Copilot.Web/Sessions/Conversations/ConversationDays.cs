using System.Globalization;
using Copilot.Web.Storage.Sessions;

namespace Copilot.Web.Sessions.Conversations;

/// <summary>The conversations of one day, or of one stretch of days.</summary>
/// <param name="Heading">What people call it.</param>
/// <param name="Sessions">Newest first.</param>
internal sealed record ConversationGroup(string Heading, IReadOnlyList<SessionInfo> Sessions);

/// <summary>Groups conversations by the day they changed last, in the person's own time zone.</summary>
internal static class ConversationDays
{
    private static readonly CultureInfo s_culture = CultureInfo.GetCultureInfo("en-GB");

    /// <summary>Groups sessions that are ordered newest first.</summary>
    /// <param name="sessions">The sessions.</param>
    /// <param name="zone">The person's zone: a day begins at its midnight.</param>
    /// <param name="now">The moment that is today.</param>
    public static IReadOnlyList<ConversationGroup> Group(IReadOnlyList<SessionInfo> sessions, TimeZoneInfo zone, DateTimeOffset now)
    {
        var today = Day(now, zone);
        return [.. sessions
            .GroupBy(session => Heading(Day(session.UpdatedAt, zone), today))
            .Select(group => new ConversationGroup(group.Key, [.. group]))];
    }

    private static DateOnly Day(DateTimeOffset at, TimeZoneInfo zone) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime);

    private static string Heading(DateOnly day, DateOnly today) => (today.DayNumber - day.DayNumber) switch
    {
        <= 0 => "Today",
        1 => "Yesterday",
        < 7 => day.ToString("dddd", s_culture),
        _ when day.Year == today.Year => day.ToString("d MMMM", s_culture),
        _ => day.ToString("MMMM yyyy", s_culture),
    };
}
