using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Connecting;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Copilot.Tests.Responses.Connecting;

public sealed class ConnectRateLimiterTests : IDisposable
{
    private readonly ManualClock _clock = new();
    private ServiceProvider? _services;
    private ConnectRateLimiter? _gate;

    public void Dispose()
    {
        _gate?.Dispose();
        _services?.Dispose();
    }

    [Fact]
    public void Enter_Alone_DoesNotWait()
    {
        var gate = Gate(perSecond: 2, atOnce: 3);
        Assert.True(gate.EnterAsync(CancellationToken.None).IsCompletedSuccessfully);
        _clock.Advance(TimeSpan.FromMilliseconds(500));
        Assert.True(gate.EnterAsync(CancellationToken.None).IsCompletedSuccessfully);
        Assert.Equal(0, gate.Waiting);
        Assert.False(gate.IsCrowded);
    }

    [Fact]
    public async Task Enter_TooManyAtOnce_WaitsForARelease()
    {
        var gate = Gate(perSecond: 100, atOnce: 1);
        var first = await gate.EnterAsync(CancellationToken.None);
        var second = gate.EnterAsync(CancellationToken.None);
        var third = gate.EnterAsync(CancellationToken.None);
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.False(second.IsCompleted);
        Assert.False(third.IsCompleted);
        Assert.Equal(2, gate.Waiting);

        first.Dispose();
        first.Dispose();
        var turn = await second.Soon("the second turn");
        Assert.False(third.IsCompleted);
        turn.Dispose();
        await third.Soon("the third turn");
    }

    [Fact]
    public async Task Enter_ManyTogether_BeginApartByAnEvenDistance()
    {
        var gate = Gate(perSecond: 4, atOnce: 100);
        var turns = Enumerable.Range(0, 5).Select(_ => gate.EnterAsync(CancellationToken.None)).ToArray();
        Assert.True(turns[0].IsCompletedSuccessfully);
        for (var next = 1; next < turns.Length; next++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(249));
            Assert.Equal(turns.Length - next, gate.Waiting);
            Assert.False(turns[next].IsCompleted);
            _clock.Advance(TimeSpan.FromMilliseconds(1));
            await turns[next].Soon($"turn {next}");
        }

        Assert.Equal(0, gate.Waiting);
    }

    [Fact]
    public async Task Enter_AFewTogether_DoNotWait()
    {
        var gate = Gate(perSecond: 40, atOnce: 100);
        Assert.All(Enumerable.Range(0, 4), _ => Assert.True(gate.EnterAsync(CancellationToken.None).IsCompletedSuccessfully));
        var fifth = gate.EnterAsync(CancellationToken.None);
        _clock.Advance(TimeSpan.FromSeconds(1) / 37);
        Assert.False(fifth.IsCompleted);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        await fifth.Soon("the fifth turn");

        // After a pause as long as they were too early, the next few may come together again.
        _clock.Advance(TimeSpan.FromSeconds(4) / 37 + TimeSpan.FromMilliseconds(1));
        Assert.All(Enumerable.Range(0, 4), _ => Assert.True(gate.EnterAsync(CancellationToken.None).IsCompletedSuccessfully));
        Assert.False(gate.EnterAsync(CancellationToken.None).IsCompleted);
    }

    [Fact]
    public async Task Enter_PaceTooFineForATimer_StillCountsTheSecond()
    {
        var gate = Gate(perSecond: 600, atOnce: int.MaxValue);
        var turns = Enumerable.Range(0, 601).Select(_ => gate.EnterAsync(CancellationToken.None)).ToArray();
        Assert.All(turns[..600], turn => Assert.True(turn.IsCompletedSuccessfully));
        _clock.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal(1, gate.Waiting);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        await turns[600].Soon("the turn of the next second");
    }

    [Fact]
    public async Task Enter_PaceLoweredMeanwhile_CountsWhatBeganBefore()
    {
        var gate = Gate(perSecond: 10, atOnce: 100);
        for (var i = 0; i < 6; i++)
        {
            await gate.EnterAsync(CancellationToken.None).Soon("a turn of the faster pace");
            _clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        // Begun at 0, 100, … 500 ms. With three in any second the next may begin when that of 300 ms is a second old.
        Options.MaxConnectsPerSecond = 3;
        var next = gate.EnterAsync(CancellationToken.None);
        _clock.Advance(TimeSpan.FromMilliseconds(699));
        Assert.False(next.IsCompleted);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        await next.Soon("the turn of the slower pace");
    }

    [Fact]
    public void IsCrowded_ShortWait_IsFalse()
    {
        var gate = Gate(perSecond: 10, atOnce: 2);
        Assert.True(gate.EnterAsync(CancellationToken.None).IsCompletedSuccessfully);
        var waiting = new[] { gate.EnterAsync(CancellationToken.None), gate.EnterAsync(CancellationToken.None) };
        Assert.Equal(2, gate.Waiting);
        Assert.False(gate.IsCrowded);
        var last = gate.EnterAsync(CancellationToken.None);
        Assert.Equal(3, gate.Waiting);
        Assert.True(gate.IsCrowded);
        Assert.False(last.IsCompleted);
        Assert.All(waiting, turn => Assert.False(turn.IsCompleted));
    }

    [Fact]
    public void IsCrowded_WaitsForConnectsUnderWay_IsTrue()
    {
        var gate = Gate(perSecond: 50, atOnce: 1);
        Assert.True(gate.EnterAsync(CancellationToken.None).IsCompletedSuccessfully);
        Assert.False(gate.IsCrowded);
        Assert.False(gate.EnterAsync(CancellationToken.None).IsCompleted);
        Assert.True(gate.IsCrowded);
    }

    [Fact]
    public async Task Enter_GivenUpInLine_LeavesItsPlaceToTheNext()
    {
        var gate = Gate(perSecond: 100, atOnce: 1);
        var first = await gate.EnterAsync(CancellationToken.None);
        using var cancel = new CancellationTokenSource();
        var second = gate.EnterAsync(cancel.Token);
        var third = gate.EnterAsync(CancellationToken.None);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second.Soon("the cancelled wait"));
        Assert.Equal(1, gate.Waiting);
        first.Dispose();
        (await third.Soon("the third turn")).Dispose();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gate.EnterAsync(cancel.Token));
        Assert.True(gate.EnterAsync(CancellationToken.None).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Enter_Storm_NeverMoreThanTheRateInAnySecondAndInOrder()
    {
        const int runs = 500;
        const int rate = 60;
        var gate = Gate(rate, atOnce: 7);
        var begun = new List<(int Run, long At)>();
        var random = new Random(3);
        var waiting = new List<(int Run, Task<IDisposable> Turn)>(
            Enumerable.Range(0, runs).Select(run => (run, gate.EnterAsync(CancellationToken.None))));
        var open = new List<IDisposable>();
        while (begun.Count < runs)
        {
            // Admissions are in queue order; how many there are is up to the limiter.
            for (var admitted = waiting.Count - gate.Waiting; admitted > 0; admitted--)
            {
                begun.Add((waiting[0].Run, _clock.GetTimestamp()));
                open.Add(await waiting[0].Turn.Soon("an admitted turn"));
                waiting.RemoveAt(0);
            }

            Assert.InRange(open.Count, 0, 7);
            if (open.Count > 0 && random.Next(3) == 0)
            {
                var ended = random.Next(open.Count);
                open[ended].Dispose();
                open.RemoveAt(ended);
            }
            else
            {
                // Steps of one millisecond, the limiter's own resolution, so that each admission is seen at its time.
                _clock.Advance(TimeSpan.FromMilliseconds(1));
            }
        }

        Assert.Equal(Enumerable.Range(0, runs), begun.Select(one => one.Run));
        // A window that holds more would hold more when it began with one of them, so these windows are all.
        var busiest = begun.Max(first => begun.Count(one => one.At >= first.At && one.At < first.At + TimeSpan.TicksPerSecond));
        Assert.Equal(rate, busiest);
    }

    /// <summary>The options that the limiter reads at every admission.</summary>
    private UpstreamOptions Options => _services!.GetRequiredService<IOptionsMonitor<UpstreamOptions>>().CurrentValue;

    private ConnectRateLimiter Gate(int perSecond, int atOnce)
    {
        var services = new ServiceCollection();
        services.Configure<UpstreamOptions>(options =>
        {
            options.MaxConnectsPerSecond = perSecond;
            options.MaxConcurrentConnects = atOnce;
        });
        _services = services.BuildServiceProvider();
        return _gate = new ConnectRateLimiter(_services.GetRequiredService<IOptionsMonitor<UpstreamOptions>>(), _clock);
    }
}
