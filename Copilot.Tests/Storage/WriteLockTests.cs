using Copilot.Web.Storage;

namespace Copilot.Tests.Storage;

public sealed class WriteLockTests
{
    [Fact]
    public async Task EnterAsync_SeveralWait_EnterInTheOrderTheyCame()
    {
        var gate = new WriteLock();
        var first = await gate.EnterAsync(CancellationToken.None);
        var waiting = Enumerable.Range(0, 5).Select(_ => gate.EnterAsync(CancellationToken.None)).ToArray();

        first.Dispose();
        for (var i = 0; i < waiting.Length; i++)
        {
            using var pass = await waiting[i];
            Assert.All(waiting.Skip(i + 1), task => Assert.False(task.IsCompleted));
        }
    }

    [Fact]
    public async Task EnterAsync_CancelledWhileWaiting_FreesItsPlace()
    {
        var gate = new WriteLock();
        using var cancelled = new CancellationTokenSource();
        var first = await gate.EnterAsync(CancellationToken.None);
        var second = gate.EnterAsync(cancelled.Token);
        var third = gate.EnterAsync(CancellationToken.None);

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.False(third.IsCompleted);
        first.Dispose();
        (await third).Dispose();
        (await gate.EnterAsync(CancellationToken.None)).Dispose();
    }

    [Fact]
    public async Task EnterAsync_CancelledBefore_DoesNotTakeTheLock()
    {
        var gate = new WriteLock();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gate.EnterAsync(new CancellationToken(canceled: true)));

        (await gate.EnterAsync(CancellationToken.None)).Dispose();
    }

    [Fact]
    public async Task EnterAsync_CancelledAsThePassArrives_LockIsNeverLost()
    {
        var gate = new WriteLock();
        for (var i = 0; i < 200; i++)
        {
            using var cancelled = new CancellationTokenSource();
            var first = await gate.EnterAsync(CancellationToken.None);
            var second = gate.EnterAsync(cancelled.Token);

            await Task.WhenAll(Task.Run(first.Dispose), Task.Run(cancelled.Cancel));

            try
            {
                (await second).Dispose();
            }
            catch (OperationCanceledException) when (second.IsCanceled)
            {
                Assert.True(second.IsCanceled);
            }
        }

        (await gate.EnterAsync(CancellationToken.None)).Dispose();
    }

    [Fact]
    public async Task Dispose_Twice_AdmitsOnlyOne()
    {
        var gate = new WriteLock();
        var first = await gate.EnterAsync(CancellationToken.None);
        var second = gate.EnterAsync(CancellationToken.None);
        var third = gate.EnterAsync(CancellationToken.None);

        first.Dispose();
        first.Dispose();

        var pass = await second;
        Assert.False(third.IsCompleted);
        pass.Dispose();
        (await third).Dispose();
    }
}
