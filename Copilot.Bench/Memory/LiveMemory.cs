using System.Runtime;

namespace Copilot.Bench.Memory;

/// <summary>What the process holds: the bytes of live objects after a full collection.</summary>
internal static class LiveMemory
{
    /// <summary>Collects, and returns what is left, in bytes.</summary>
    public static long Measure()
    {
        for (var i = 0; i < 2; i++)
        {
            GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: false);
    }

    /// <summary>As <see cref="Measure"/>, once it does not fall any more: what ended a moment ago lets go in steps.</summary>
    public static async Task<long> SettleAsync()
    {
        var last = Measure();
        for (var i = 0; i < 20; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(250));
            var now = Measure();
            if (Math.Abs(now - last) < 32 * 1024)
            {
                return now;
            }

            last = now;
        }

        return last;
    }

    /// <summary>The most that was held at any look while the work went on, in bytes. A look every <paramref name="every"/>.</summary>
    public static async Task<long> PeakAsync(Task work, TimeSpan every)
    {
        var peak = 0L;
        while (!work.IsCompleted)
        {
            peak = Math.Max(peak, Measure());
            await Task.WhenAny(work, Task.Delay(every));
        }

        await work;
        return Math.Max(peak, Measure());
    }
}
