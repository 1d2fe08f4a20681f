using Copilot.Domain.Responses;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Supervision;
using Copilot.Tests.Storage;
using Copilot.Web.Supervision;

namespace Copilot.Tests.Supervision;

public sealed class LiveFilterTests
{
    private static readonly DateTimeOffset s_now = FakeRun.Start.AddMinutes(10);

    [Theory]
    [InlineData("", true)]
    [InlineData("?q=pump leeds", true)]
    [InlineData("?q=pump paris", false)]
    [InlineData("?person=una", true)]
    [InlineData("?person=Tom", false)]
    [InlineData("?person=Tom&person=Una", true)]
    [InlineData("?person!=Una", false)]
    [InlineData("?person!=Tom", true)]
    [InlineData("?team=Default&agent=Copilot", true)]
    [InlineData("?team=Default&agent=Other", false)]
    [InlineData("?tool=crm_find_customer", true)]
    [InlineData("?tool!=crm_find_customer", false)]
    [InlineData("?state=working", true)]
    [InlineData("?state=running", true)]
    [InlineData("?state=needs_person", false)]
    [InlineData("?transport=http", true)]
    [InlineData("?transport=websocket", false)]
    [InlineData("?age=10", true)]
    [InlineData("?age=11", false)]
    [InlineData("?age!=11", true)]
    [InlineData("?cost=0.5", true)]
    [InlineData("?cost=0.6", false)]
    [InlineData("?view=wallboard&0=a&nothing=b", true)]
    public void Holds_Row_IsWhatTheAddressSays(string query, bool expected)
    {
        Assert.Equal(expected, LiveFilter.Parse(query).Holds(Row(), s_now));
    }

    [Fact]
    public void ToQuery_FilterOfAnAddress_IsTheSameFilterAgain()
    {
        var filter = LiveFilter.Parse("?q=a%20%26b&agent=Copilot&state!=working&person=%C3%84nne");

        var again = LiveFilter.Parse(filter.ToQuery());

        Assert.Equal("a &b", again.Search);
        Assert.Equal(filter.Conditions, again.Conditions);
        Assert.Equal(new LiveCondition(LiveField.State, IsNot: true, "working"), again.Conditions[1]);
    }

    private static LiveRow Row()
    {
        var run = new FakeRun("one").Summary with
        {
            Status = RunStatus.Running,
            StartedAt = FakeRun.Start,
            LastEventAt = s_now,
            Input = "A pump",
            LastWords = "looking in Leeds",
            Transport = TransportKind.Http,
            ActiveTools = [new ActiveTool("call_1", "crm_find_customer", s_now, TimeSpan.FromMinutes(1))],
            Cost = new RunCost { Micros = 500_000, Currency = "EUR", Priced = 1 },
        };
        return new LiveRow(run, RunAssessment.Of(run, s_now, new SupervisionOptions().For("Copilot"))) { PersonName = "Una", TeamName = "Default" };
    }
}
