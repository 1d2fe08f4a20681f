using Bunit;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Supervision;
using Copilot.Tests.Storage;
using Copilot.Web.Components.Live;
using Copilot.Web.Components.Timeline.Shared;
using Copilot.Web.Supervision;

namespace Copilot.Tests.Components.Live;

public sealed class LiveRowViewTests : BunitContext
{
    [Theory]
    [InlineData(RunStatus.Running, "Reservation · res_1")]
    [InlineData(RunStatus.Completed, "It is booked. · Reservation · res_1")]
    public void Row_Answer_SaysItsEndWhileItStreamsAndItsBeginningOnceItIsThere(RunStatus status, string expected)
    {
        var run = new FakeRun("one").Summary with
        {
            Status = status,
            LastWords = " | Reservation | res_1 |",
            OutputText = "**It is booked.**\n\n| Reservation | res_1 |",
        };
        var row = new LiveRow(run, RunAssessment.Of(run, FakeRun.Start, new SupervisionOptions().For("Copilot")))
        {
            PersonName = "Una",
            TeamName = "Default",
        };

        var view = Render<LiveRowView>(parameters => parameters
            .Add(part => part.Row, row)
            .Add(part => part.Names, new TimelineNames(new Dictionary<string, string>())));

        Assert.Equal(expected, view.Find(".live-says").TextContent);
    }
}
