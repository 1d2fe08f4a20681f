using Copilot.Domain.Responses;
using Copilot.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Copilot.Tests.Responses;

public sealed class ConnectGateTests : IDisposable
{
    private readonly ManualClock _clock = new();
    private ServiceProvider? _services;
    private ConnectGate? _gate;

    public void Dispose()
    {
        _gate?.Dispose();
        _services?.Dispose();
    }

    [Fact]
    public void Enter_RoomLeft_DoesNotWait()
    {
        var gate = Gate(perSecond: 2, atOnce: 2);
        Assert.True(gate.EnterAsync(CancellationToken.None).IsCompletedSuccessfully);
        Assert.True(gate.EnterAsync(CancellationToken.None).IsCompletedSuccessfully);
        Assert.Equal(0, gate.Waiting);
    }

    [Fact]
    public async Task Enter_TooManyAtOnce_WaitsForOneToLeaveInOrder()
    {
        var gate = Gate(perSecond: 100, atOnce: 1);
        var first = await gate.EnterAsync(CancellationToken.None);
        var second = gate.EnterAsync(CancellationToken.None);
        var third = gate.EnterAsync(CancellationToken.None);
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal((false, false, 2), (second.IsCompleted, third.IsCompleted, gate.Waiting));

        first.Dispose();
        first.Dispose();
        var turn = await second.Soon("the second turn");
        Assert.False(third.IsCompleted);
        turn.Dispose();
        await third.Soon("the third turn");
    }

    [Fact]
    public async Task Enter_TooManyInASecond_WaitsForTheSecondToPass()
    {
        var gate = Gate(perSecond: 3, atOnce: 100);
        var turns = Enumerable.Range(0, 8).Select(_ => gate.EnterAsync(CancellationToken.None)).ToArray();
        Assert.Equal(5, gate.Waiting);
        _clock.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal(5, gate.Waiting);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        await Task.WhenAll(turns[3..6]).Soon("the next three turns");
        Assert.Equal(2, gate.Waiting);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await Task.WhenAll(turns).Soon("the last turns");
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
        const int rate = 20;
        var gate = Gate(rate, atOnce: 7);
        var begun = new List<(int Run, long At)>();
        var random = new Random(3);
        var waiting = new List<(int Run, Task<IDisposable> Turn)>(
            Enumerable.Range(0, runs).Select(run => (run, gate.EnterAsync(CancellationToken.None))));
        var open = new List<IDisposable>();
        while (begun.Count < runs)
        {
            // Whoever the gate let in is in the order of the line; how many that is, the gate alone says.
            for (var admitted = waiting.Count - gate.Waiting; admitted > 0; admitted--)
            {
                begun.Add((waiting[0].Run, _clock.GetTimestamp()));
                open.Add(await waiting[0].Turn.Soon("an admitted turn"));
                waiting.RemoveAt(0);
            }

            Assert.InRange(open.Count, 0, 7);
            if (open.Count > 0 && random.Next(20) == 0)
            {
                var ended = random.Next(open.Count);
                open[ended].Dispose();
                open.RemoveAt(ended);
            }
            else
            {
                // Steps of one millisecond, the gate's own grain, so that each turn is seen at its time.
                _clock.Advance(TimeSpan.FromMilliseconds(1));
            }
        }

        Assert.Equal(Enumerable.Range(0, runs), begun.Select(one => one.Run));
        for (var i = rate; i < runs; i++)
        {
            Assert.True(begun[i].At - begun[i - rate].At >= TimeSpan.TicksPerSecond, $"Connect {i} began within a second of connect {i - rate}.");
        }
    }

    private ConnectGate Gate(int perSecond, int atOnce)
    {
        var services = new ServiceCollection();
        services.Configure<UpstreamOptions>(options =>
        {
            options.MaxConnectsPerSecond = perSecond;
            options.MaxConcurrentConnects = atOnce;
        });
        _services = services.BuildServiceProvider();
        return _gate = new ConnectGate(_services.GetRequiredService<IOptionsMonitor<UpstreamOptions>>(), _clock);
    }
}
