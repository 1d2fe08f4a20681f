using Copilot.Domain.Concurrency;

namespace Copilot.Tests.Concurrency;

public sealed class AsyncSignalTests
{
    [Fact]
    public void Set_SomebodyWaits_CompletesThemAndNobodyLater()
    {
        var signal = new AsyncSignal();
        var one = signal.Next;
        var other = signal.Next;

        signal.Set();

        Assert.True(one.IsCompletedSuccessfully);
        Assert.True(other.IsCompletedSuccessfully);
        Assert.False(signal.Next.IsCompleted);
    }

    [Fact]
    public async Task Set_BetweenLookingAndWaiting_IsNotMissed()
    {
        var signal = new AsyncSignal();
        var next = signal.Next;
        signal.Set();

        await next.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Set_SomebodyWaits_DoesNotRunThemInsideTheCall()
    {
        var signal = new AsyncSignal();
        var setting = new ThreadLocal<bool>();
        var inside = signal.Next.ContinueWith(
            _ => setting.Value, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

        setting.Value = true;
        signal.Set();
        setting.Value = false;

        Assert.False(await inside.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public void Set_NobodyWaits_AllocatesNothing()
    {
        var signal = new AsyncSignal();
        signal.Set();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            signal.Set();
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public async Task Set_FromManyThreads_CompletesEachWaiterOnce()
    {
        var signal = new AsyncSignal();
        var value = 0;
        var reader = Task.Run(async () =>
        {
            while (true)
            {
                var next = signal.Next;
                if (Volatile.Read(ref value) == 4_000)
                {
                    return;
                }

                await next;
            }
        });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 1_000; i++)
            {
                Interlocked.Increment(ref value);
                signal.Set();
            }
        })));

        await reader.WaitAsync(TimeSpan.FromSeconds(20));
    }
}
