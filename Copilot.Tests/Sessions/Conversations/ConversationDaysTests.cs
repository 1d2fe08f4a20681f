using Copilot.Web.Sessions;
using Copilot.Web.Sessions.Conversations;
using Copilot.Web.Storage.Sessions;

namespace Copilot.Tests.Sessions.Conversations;

public sealed class ConversationDaysTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 23, 2, 30, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("2026-11-23T02:00:00Z", "Today")]
    [InlineData("2026-11-22T23:30:00Z", "Yesterday")]
    [InlineData("2026-11-19T12:00:00Z", "Thursday")]
    [InlineData("2026-11-16T12:00:00Z", "16 November")]
    [InlineData("2025-11-16T12:00:00Z", "November 2025")]
    public void Group_InUtc_NamesTheDay(string at, string heading) =>
        Assert.Equal(heading, Assert.Single(Group(TimeZoneInfo.Utc, at)).Heading);

    [Theory]
    [InlineData("Europe/Berlin", "Today")]
    [InlineData("America/New_York", "Today")]
    [InlineData("Pacific/Auckland", "Today")]
    [InlineData("Etc/UTC", "Yesterday")]
    public void Group_ShortlyBeforeUtcMidnight_IsTheDayOfThePersonsZone(string zone, string heading) =>
        Assert.Equal(heading, Group(TimeZoneInfo.FindSystemTimeZoneById(zone), "2026-11-22T23:30:00Z")[0].Heading);

    [Fact]
    public void Group_SeveralDays_KeepsTheirOrder()
    {
        var groups = Group(TimeZoneInfo.Utc, "2026-11-23T02:00:00Z", "2026-11-23T01:00:00Z", "2026-11-22T01:00:00Z");

        Assert.Equal([("Today", 2), ("Yesterday", 1)], groups.Select(group => (group.Heading, group.Sessions.Count)));
    }

    private static IReadOnlyList<ConversationGroup> Group(TimeZoneInfo zone, params string[] changed) =>
        ConversationDays.Group(
            [.. changed.Select(at => DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture)).Select(at => new SessionInfo(at.ToString("O"), "u", "t", "Title", null, at, at))],
            zone,
            s_now);
}
