using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline.Items;
using Copilot.Web.Hosting;

namespace Copilot.Tests.Hosting;

/// <summary>What is compiled ahead is what a run needs: an event that were not understood would compile nothing.</summary>
public sealed class FirstRunWarmUpTests
{
    [Fact]
    public void Warm_ItsRun_IsUnderstoodToTheEnd()
    {
        var timeline = FirstRunWarmUp.Warm();

        Assert.Equal(RunStatus.Completed, timeline.Status);
        Assert.Equal("Two.", timeline.AnswerText);
        Assert.Equal("2", Assert.Single(timeline.ToolCalls).Output);
        Assert.DoesNotContain(timeline.Items, item => item is RawItem || item.IsOpen);
    }
}
