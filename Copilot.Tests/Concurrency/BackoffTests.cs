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
    public void Reset_AfterFailures_BeginsAgain()
    {
        var backoff = Backoff.FullJitter(s_first, s_max, new Random(1));
        backoff.Next();
        backoff.Next();
        backoff.Reset();
        Assert.Equal(s_first, backoff.Bound);
    }
}
