using Copilot.Domain.Replay.Clock;
using Copilot.Domain.Replay.Compare;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Timeline;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.Queries;
using Copilot.Domain.Timeline.State;
using Copilot.Tests.Golden;
using Copilot.Tests.Shared.Runs;

namespace Copilot.Tests.Replay.Compare;

public sealed class RunStepsTests
{
    public static TheoryData<string> Logs => [.. GoldenLog.Names];

    [Fact]
    public void Of_RunWithARetryAndATool_TellsEachStepWithWhatItTook()
    {
        var log = new RunLogBuilder().Begin().Connect()
            .Send(1, "resp_0").Message(0, "msg_0", null, "Let me").Own(RunEventTypes.AttemptSuperseded, new { response_id = "resp_0", reason = "lost" })
            .Send(2, "resp_1").Call(0, "fc_1", "call_1", "stock_search", "{\"q\":\"pump\"}").Complete("resp_1").Tool("call_1", "stock_search", "{\"q\":\"pump\"}", "none")
            .Send(3, "resp_2").Message(0, "msg_1", null, "There ", "is none.").Complete("resp_2").End();

        var steps = RunSteps.Of(TimelineReducer.Apply(TimelineState.Empty, log.Events));

        Assert.Equal([RunStepKind.Message, RunStepKind.Response, RunStepKind.Response], steps.Select(step => step.Kind));
        Assert.Equal([1, 2, 3], steps.Select(step => step.Number));
        Assert.Equal(2, steps[1].Attempts);
        Assert.Equal(120, steps[1].Usage!.Value.InputTokens + steps[1].Usage!.Value.OutputTokens);
        Assert.Equal(new StepCall("stock_search", steps[1].Calls[0].FromSeq, "{\"q\":\"pump\"}", "none", ToolCallState.Completed, TimeSpan.FromMilliseconds(1210)), steps[1].Calls.Single());
        Assert.True(steps[1].Duration > TimeSpan.FromMilliseconds(1200));
        Assert.Equal("There is none.", steps[2].Text);
    }

    [Fact]
    public void Of_RunWhoseRequestsAllFailed_HasAStepForThem()
    {
        var log = new RunLogBuilder().Begin().Send(1, null)
            .Frame("""{"type":"error","error":{"type":"server_error","code":"server_error","message":"no"}}""")
            .Own(RunEventTypes.RunFailed, new { error = new { code = "upstream", message = "no" } });

        var step = RunSteps.Of(TimelineReducer.Apply(TimelineState.Empty, log.Events))[^1];

        Assert.Equal(RunStepKind.Response, step.Kind);
        Assert.Equal(1, step.Attempts);
    }

    [Theory]
    [MemberData(nameof(Logs))]
    public void Comparison_OfAGoldenRunWithItself_IsTheSame_AndOfItsBeginningHasNoStepOfItsOwn(string name)
    {
        foreach (var run in GoldenLog.Read(name).Runs.Where(run => run.Count > 3))
        {
            var times = EventTimes.Empty.Apply(run);
            var whole = TimelineReducer.Apply(TimelineState.Empty, run);

            var same = RunComparison.Of(whole, times, whole, times, CancellationToken.None);
            Assert.All(same.Steps, pair => Assert.True(pair.IsSame));
            Assert.Equal(same.A, same.B);
            for (var seq = 1; seq <= run.Count; seq += Math.Max(1, run.Count / 7))
            {
                var part = RunComparison.Of(TimelineClip.At(whole, seq), times, whole, times, CancellationToken.None);
                Assert.Equal(same.Steps.Count, part.Steps.Select(pair => pair.B).OfType<RunStep>().Count());
            }
        }
    }
}
