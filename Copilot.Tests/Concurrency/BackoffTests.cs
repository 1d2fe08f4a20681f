using Copilot.Domain.Concurrency;

namespace Copilot.Tests.Concurrency;

public sealed class BackoffTests
{
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_max = TimeSpan.FromSeconds(3);

    [Fact]
    public void Next_ManyFailures_DoublesItsBoundUpToTheMax()
    {
        var backoff = Backoff.FullJitter(s_first, s_max, new Random(1));
        var bounds = new List<double>();
        for (var i = 0; i < 200; i++)
        {
            bounds.Add(backoff.Bound.TotalMilliseconds);
            Assert.InRange(backoff.Next(), TimeSpan.Zero, TimeSpan.FromMilliseconds(bounds[^1]));
        }

        Assert.Equal([250, 500, 1000, 2000, 3000, 3000], bounds[..6]);
        Assert.Equal(3000, bounds[^1]);
    }

    [Fact]
    public void Next_FullJitter_IsThatPartOfTheBound()
    {
        const int seed = 7;
        var parts = new Random(seed);
        var backoff = Backoff.FullJitter(s_first, s_max, new Random(seed));
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(backoff.Bound * parts.NextDouble(), backoff.Next());
        }
    }

    [Fact]
    public void Next_Exact_IsTheBound()
    {
        var backoff = Backoff.Exact(s_first, s_max);

        Assert.Equal([250, 500, 1000, 2000, 3000, 3000], Enumerable.Range(0, 6).Select(_ => backoff.Next().TotalMilliseconds));
    }

    [Fact]
    public void Next_HalfJitter_IsHalfOfTheBoundAndThatPartOfTheOtherHalf()
    {
        const int seed = 7;
        var parts = new Random(seed);
        var backoff = Backoff.HalfJitter(s_first, s_max, new Random(seed));
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(backoff.Bound * (0.5 + (0.5 * parts.NextDouble())), backoff.Next());
        }
    }

    [Fact]
    public void After_FailuresThatAreCountedElsewhere_LeavesItsOwnCount()
    {
        var backoff = Backoff.Exact(s_first, s_max);

        Assert.Equal(TimeSpan.FromSeconds(1), backoff.After(2));
        Assert.Equal(s_max, backoff.After(1_000));
        Assert.Equal(s_first, backoff.Next());
    }

    [Fact]
    public void Reset_AfterFailures_BeginsAgain()
    {
        var backoff = Backoff.FullJitter(s_first, s_max, new Random(1));
        backoff.Next();
        backoff.Next();
        backoff.Reset();
        Assert.Equal(s_first, backoff.Bound);
    }
}
