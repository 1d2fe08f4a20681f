using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Copilot.Demo.Tools.Data;

/// <summary>
/// The technicians' slots for the next three weeks, regardless of the file's age: two hours each, on weekdays, more than half of them
/// free. Which ones depends only on the day and the technician, never on chance.
/// </summary>
internal static class DemoCalendar
{
    private const int DaysAhead = 21;
    private const string DateFormat = "yyyy-MM-dd";

    private static readonly int[] s_startHours = [8, 10, 13, 15];

    public static bool ReachesFarEnough(SqliteConnection connection, DateTimeOffset now)
    {
        return OpenTo(connection) is { } openTo && openTo >= LastDay(now);
    }

    public static void Open(SqliteConnection connection, DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var last = LastDay(now);
        var first = OpenTo(connection) is { } openTo && openTo >= today ? openTo.AddDays(1) : today;
        var technicians = connection.All("SELECT technician_id, number FROM technicians", row => (Id: row.GetString(0), Number: row.GetInt32(1)));
        connection.Run(
            "DELETE FROM slots WHERE ends_at < $now AND slot_id NOT IN (SELECT slot_id FROM bookings)",
            ("$now", DemoTime.ToMicroseconds(now)));
        for (var day = first; day <= last; day = day.AddDays(1))
        {
            if (day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday)
            {
                continue;
            }

            foreach (var (id, number) in technicians)
            {
                OpenDay(connection, id, number, day);
            }
        }

        connection.Run(
            "INSERT INTO calendar (only_row, open_to) VALUES (1, $to) ON CONFLICT DO UPDATE SET open_to = $to",
            ("$to", last.ToString(DateFormat, CultureInfo.InvariantCulture)));
    }

    private static void OpenDay(SqliteConnection connection, string technicianId, int number, DateOnly day)
    {
        for (var index = 0; index < s_startHours.Length; index++)
        {
            if ((number * 7 + day.DayNumber * 3 + index * 5) % 11 >= 6)
            {
                continue;
            }

            var starts = new DateTimeOffset(day, new TimeOnly(s_startHours[index], 0), TimeSpan.Zero);
            connection.Run(
                "INSERT OR IGNORE INTO slots (slot_id, technician_id, starts_at, ends_at) VALUES ($id, $technician, $starts, $ends)",
                ("$id", string.Create(CultureInfo.InvariantCulture, $"slt_{number:00}_{starts:yyyyMMdd}_{starts:HH}")),
                ("$technician", technicianId),
                ("$starts", DemoTime.ToMicroseconds(starts)),
                ("$ends", DemoTime.ToMicroseconds(starts.AddHours(2))));
        }
    }

    private static DateOnly LastDay(DateTimeOffset now)
    {
        return DateOnly.FromDateTime(now.UtcDateTime).AddDays(DaysAhead);
    }

    private static DateOnly? OpenTo(SqliteConnection connection)
    {
        var text = connection.First("SELECT open_to FROM calendar", row => row.GetString(0));
        return text is null ? null : DateOnly.ParseExact(text, DateFormat, CultureInfo.InvariantCulture);
    }
}
