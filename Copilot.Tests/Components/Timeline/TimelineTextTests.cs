using Copilot.Domain.Timeline.Queries;
using Copilot.Web.Components.Timeline.Shared;

namespace Copilot.Tests.Components.Timeline;

public sealed class TimelineTextTests
{
    [Theory]
    [InlineData(84, "84 ms")]
    [InlineData(999.6, "1.0 s")]
    [InlineData(1234, "1.2 s")]
    [InlineData(59949, "59.9 s")]
    [InlineData(59960, "0 m 59 s")]
    [InlineData(125000, "2 m 05 s")]
    [InlineData(3720000, "1 h 02 m")]
    [InlineData(-5, "0 ms")]
    public void Duration_OfMilliseconds_IsShort(double milliseconds, string expected) =>
        Assert.Equal(expected, TimelineFigures.Duration(TimeSpan.FromMilliseconds(milliseconds)));

    [Theory]
    [InlineData("{\"a\":1}", "{\n  \"a\": 1\n}")]
    [InlineData("{\"a\":", "{\"a\":")]
    [InlineData("plain", "plain")]
    [InlineData("", "")]
    public void Pretty_OfText_OnlyTouchesWholeJson(string text, string expected) =>
        Assert.Equal(expected, JsonFormat.Indent(text).ReplaceLineEndings("\n"));

    [Fact]
    public void Clock_InAZone_IsTheViewersTime() => Assert.Equal(
        "23 Nov 2026, 11:00:00.010",
        TimelineFigures.Clock(
            new DateTimeOffset(2026, 11, 23, 9, 0, 0, 10, TimeSpan.Zero),
            TimeZoneInfo.CreateCustomTimeZone("t", TimeSpan.FromHours(2), "t", "t")));

    [Fact]
    public void Doing_AnActivity_NamesIt() => Assert.Equal(
        "Crm find customer: Contoso",
        TimelineText.Doing(new TimelineActivity(ActivityKind.Tool, "crm_find_customer: Contoso", null, null, 0)));
}
