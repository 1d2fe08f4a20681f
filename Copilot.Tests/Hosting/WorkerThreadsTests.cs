using Copilot.Web.Hosting;

namespace Copilot.Tests.Hosting;

/// <summary>How many threads are ready for work that holds them.</summary>
public sealed class WorkerThreadsTests
{
    [Fact]
    public void Reserve_KeepsSeveralForEachProcessor_AndNeverFewerThanBefore()
    {
        WorkerThreads.Reserve();
        ThreadPool.GetMinThreads(out var reserved, out var completions);
        Assert.True(reserved >= 4 * Environment.ProcessorCount, $"{reserved} threads are ready.");

        Assert.True(ThreadPool.SetMinThreads(reserved + 3, completions));
        WorkerThreads.Reserve();
        ThreadPool.GetMinThreads(out var kept, out _);
        Assert.Equal(reserved + 3, kept);
        ThreadPool.SetMinThreads(reserved, completions);
    }
}
