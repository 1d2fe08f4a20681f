using Copilot.Domain.Concurrency;

namespace Copilot.Tests.Concurrency;

public sealed class StopSourceTests
{
    [Fact]
    public async Task Token_AfterItWasDisposed_IsCancelledForWhateverAsks()
    {
        var stop = new StopSource();
        Assert.False(stop.IsCancellationRequested);
        stop.Dispose();

        Assert.True(stop.IsCancellationRequested);
        Assert.True(stop.Token.IsCancellationRequested);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Delay(Timeout.Infinite, stop.Token));
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        Assert.True(linked.IsCancellationRequested);
        var isCalled = false;
        await using var registration = stop.Token.Register(() => isCalled = true);
        Assert.True(isCalled);
    }

    [Fact]
    public async Task Dispose_AfterItWasStopped_DoesNothingMore()
    {
        var stop = new StopSource();
        var calls = 0;
        await using var registration = stop.Token.Register(() => calls++);
        await stop.CancelAsync();

        stop.Dispose();
        stop.Dispose();
        stop.Cancel();
        await stop.CancelAsync();

        Assert.Equal(1, calls);
    }
}
