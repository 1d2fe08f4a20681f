using Copilot.Domain.Replay.Compare;
using Copilot.Domain.Timeline.Items;

namespace Copilot.Tests.Replay.Compare;

public sealed class StepAlignmentTests
{
    private static readonly DateTimeOffset s_at = new(2026, 11, 29, 9, 0, 0, TimeSpan.Zero);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 60)];

    [Fact]
    public void Of_SameTools_StandBesideEachOtherAlsoWhereWordsDiffer()
    {
        var pairs = StepAlignment.Of(
            [Message(1, "Book a technician"), Calls(2, "crm"), Calls(3, "stock"), Answer(4, "It is booked.")],
            [Message(1, "Book somebody"), Calls(2, "crm"), Answer(3, "There is none in stock.")], CancellationToken.None);

        Assert.Equal(["1-1", "2-2", "3-", "4-3"], Text(pairs));
    }

    [Fact]
    public void Of_SeveralThatFit_TakesTheOneWithTheSameWords()
    {
        var pairs = StepAlignment.Of(
            [Calls(1, "search", "{\"q\":\"cooling pump\"}"), Calls(2, "search", "{\"q\":\"gasket ring\"}")],
            [Calls(1, "search", "{\"q\":\"gasket ring\"}")], CancellationToken.None);

        Assert.Equal(["1-", "2-1"], Text(pairs));
    }

    [Fact]
    public void Of_StepsThatAreNoSuch_StandAlone()
    {
        Assert.Equal(["1-", "-1"], Text(StepAlignment.Of([Message(1, "Hello")], [Answer(1, "Hello")], CancellationToken.None)));
        Assert.Equal(["1-", "-1"], Text(StepAlignment.Of([Calls(1, "crm")], [Calls(1, "stock")], CancellationToken.None)));
        Assert.Equal(["1-1"], Text(StepAlignment.Of([Calls(1, "crm"), ], [Calls(1, "crm", "{}", "stock")], CancellationToken.None)));
        Assert.Empty(StepAlignment.Of([], [], CancellationToken.None));
    }

    [Fact]
    public void Of_CallsOfAPair_StandBesideEachOtherByTheirTool()
    {
        var a = Calls(1, "crm") with { Calls = [Call("crm", "{\"id\":1}"), Call("stock", "{}")] };
        var b = Calls(1, "crm") with { Calls = [Call("stock", "{}"), Call("crm", "{\"id\":2}")] };

        var calls = StepAlignment.Of([a], [b], CancellationToken.None).Single().Calls;

        // Only one of the two can keep its order.
        Assert.Equal(3, calls.Count);
        Assert.Single(calls, call => call is { A: not null, B: not null } && call.A.Name == call.B.Name);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Of_ByChance_HasEveryStepOnceInItsOrderAndPairsOnlyWhatFits(int seed)
    {
        var random = new Random(seed);
        var (a, b) = (Run(random), Run(random));

        var pairs = StepAlignment.Of(a, b, CancellationToken.None);

        Assert.Equal(a, pairs.Select(pair => pair.A).OfType<RunStep>());
        Assert.Equal(b, pairs.Select(pair => pair.B).OfType<RunStep>());
        Assert.All(pairs.Where(pair => pair is { A: not null, B: not null }), pair => Assert.Equal(pair.A!.Kind, pair.B!.Kind));
        Assert.All(pairs, pair =>
        {
            Assert.Equal(pair.A?.Calls ?? [], pair.Calls.Select(call => call.A).OfType<StepCall>());
            Assert.Equal(pair.B?.Calls ?? [], pair.Calls.Select(call => call.B).OfType<StepCall>());
        });
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Of_ARunWithItself_IsTheSameInEveryStep(int seed)
    {
        var run = Run(new Random(seed));

        var pairs = StepAlignment.Of(run, run, CancellationToken.None);

        Assert.Equal(run.Count, pairs.Count);
        Assert.All(pairs, pair => Assert.True(pair.IsSame));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Of_ARunWithStepsTakenOut_HasThoseAndNoOthersAlone(int seed)
    {
        var random = new Random(seed);

        // Each step has words of its own, so there is one best way.
        var run = Run(random).Select((step, place) => step with { Text = $"word{place}a word{place}b" }).ToList();
        var left = run.Where(_ => random.Next(3) > 0).ToList();

        var pairs = StepAlignment.Of(run, left, CancellationToken.None);

        Assert.Equal(run.Count, pairs.Count);
        Assert.Equal(run.Except(left), pairs.Where(pair => pair.B is null).Select(pair => pair.A!));
        Assert.Equal(pairs.Count, StepAlignment.Of(left, run, CancellationToken.None).Count);
    }

    private static List<RunStep> Run(Random random)
    {
        string[] tools = ["crm", "stock", "order", "mail"];
        var steps = new List<RunStep>();
        for (var number = 1; number <= random.Next(0, 12); number++)
        {
            steps.Add(random.Next(4) switch
            {
                0 => Message(number, $"say {random.Next(5)}"),
                1 => Answer(number, $"answer {random.Next(5)}"),
                _ => Calls(number, tools[random.Next(4)], "{}") with
                {
                    Calls = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Call(tools[random.Next(4)], $"{{\"n\":{random.Next(3)}}}"))],
                },
            });
        }

        return steps;
    }

    private static RunStep Message(int number, string text) => new(number, RunStepKind.Message, number, s_at) { Text = text };

    private static RunStep Answer(int number, string text) => new(number, RunStepKind.Response, number, s_at) { Text = text };

    private static RunStep Calls(int number, string tool, string arguments = "{}", params string[] others) =>
        new(number, RunStepKind.Response, number, s_at) { Calls = [Call(tool, arguments), .. others.Select(name => Call(name, "{}"))] };

    private static StepCall Call(string name, string arguments) => new(name, 1, arguments, "done", ToolCallState.Completed, null);

    private static IEnumerable<string> Text(IEnumerable<StepPair> pairs) => pairs.Select(pair => $"{pair.A?.Number}-{pair.B?.Number}");
}
