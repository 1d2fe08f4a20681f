using Copilot.Domain.Concurrency;

namespace Copilot.Tests.Concurrency;

public sealed class KeyedLockTests
{
    private readonly KeyedLock _lock = new();

    [Fact]
    public async Task Enter_SameKey_WaitsAndAnotherKeyDoesNot()
    {
        var first = await _lock.EnterAsync("a", CancellationToken.None);
        var second = _lock.EnterAsync("a", CancellationToken.None);
        using var other = await _lock.EnterAsync("b", CancellationToken.None);

        Assert.False(second.IsCompleted);
        first.Dispose();

        (await second.WaitAsync(TimeSpan.FromSeconds(20))).Dispose();
    }

    [Fact]
    public async Task Enter_CancelledWhileWaiting_LeavesTheKeyToTheNext()
    {
        var first = await _lock.EnterAsync("a", CancellationToken.None);
        using var cancel = new CancellationTokenSource();
        var given = _lock.EnterAsync("a", cancel.Token);
        var next = _lock.EnterAsync("a", CancellationToken.None);

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        first.Dispose();

        (await next.WaitAsync(TimeSpan.FromSeconds(20))).Dispose();
    }

    [Fact]
    public async Task Dispose_Twice_LetsOnlyOneThrough()
    {
        var first = await _lock.EnterAsync("a", CancellationToken.None);
        var second = _lock.EnterAsync("a", CancellationToken.None);
        var third = _lock.EnterAsync("a", CancellationToken.None);

        first.Dispose();
        first.Dispose();

        var entered = await Task.WhenAny(second, third).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.False((entered == second ? third : second).IsCompleted);
        (await entered).Dispose();
    }
}
