using Copilot.Domain.Replay.Compare;
using Copilot.Domain.Timeline.Items;
using Copilot.Tests.Shared.Clock;
using Copilot.Web.Components.RunScreen.Compare;

namespace Copilot.Tests.Components.RunScreen.Compare;

public sealed class ComparedTextsTests
{
    private static readonly DateTimeOffset s_at = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    private readonly ManualClock _clock = new();

    [Fact]
    public void Compare_AllSteps_ShowsWhatDiffersOnEachSide()
    {
        StepPair[] steps =
        [
            new(Step("Two pumps"), Step("Two valves")) { Calls = [new CallPair(Call("""{"q":"a"}""", null), Call("""{"q":"b"}""", "found"))] },
            new(Step("Only here"), null),
        ];
        var texts = new ComparedTexts(steps);
        Assert.Null(texts.At(0));

        var reports = 0;
        texts.Compare(DiffWork.OfAPage(), _clock, () => reports++, CancellationToken.None);

        Assert.Equal(2, texts.Count);
        Assert.Equal(2, texts.Total);
        Assert.Equal(1, reports);
        var first = texts.At(0)!;
        Assert.Equal([new(DiffKind.Same, "Two "), new(DiffKind.OnlyInA, "pumps")], first.Text.A);
        Assert.Equal([new(DiffKind.Same, "Two "), new(DiffKind.OnlyInB, "valves")], first.Text.B);
        var (arguments, result) = Assert.Single(first.Calls);
        Assert.Equal([new(DiffKind.Same, "{\n  \"q\": \""), new(DiffKind.OnlyInA, "a"), new(DiffKind.Same, "\"\n}")], arguments.A);
        Assert.Empty(result.A);
        Assert.Equal([new(DiffKind.OnlyInB, "found")], result.B);

        // What the other run does not have at all is not marked: its step is.
        Assert.Equal([new(DiffKind.Same, "Only here")], texts.At(1)!.Text.A);
        Assert.Empty(texts.At(1)!.Text.B);
    }

    [Fact]
    public void Compare_LongTexts_ComparesTheirBeginningsAndSaysSo()
    {
        var text = new string('a', CompareText.MaxText);
        var texts = new ComparedTexts([new StepPair(Step(text + "b"), Step(text))]);

        texts.Compare(DiffWork.OfAPage(), _clock, () => { }, CancellationToken.None);

        Assert.Equal([new(DiffKind.Same, text)], texts.At(0)!.Text.A);
        Assert.True(texts.At(0)!.Text.IsCutInA);
        Assert.False(texts.At(0)!.Text.IsCutInB);
    }

    [Fact]
    public void Compare_Stopped_LeavesTheRest()
    {
        using var stop = new CancellationTokenSource();
        var texts = new ComparedTexts([.. Enumerable.Range(0, 5).Select(_ => new StepPair(Step("a"), Step("b")))]);
        var time = new SlowClock(() =>
        {
            if (texts.Count == 2)
            {
                stop.Cancel();
            }
        });

        Assert.Throws<OperationCanceledException>(() => texts.Compare(DiffWork.OfAPage(), time, () => { }, stop.Token));

        Assert.Equal(2, texts.Count);
        Assert.Null(texts.At(2));
    }

    private static RunStep Step(string text) => new(1, RunStepKind.Response, 1, s_at) { Text = text };

    private static StepCall Call(string arguments, string? result) => new("crm", 1, arguments, result, ToolCallState.Completed, Duration: null);

    // Asked for the time after each step.
    private sealed class SlowClock(Action onAsked) : TimeProvider
    {
        public override long GetTimestamp()
        {
            onAsked();
            return 0;
        }
    }
}
