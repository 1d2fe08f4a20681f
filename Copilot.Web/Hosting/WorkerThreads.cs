namespace Copilot.Web.Hosting;

/// <summary>
/// The threads that the process keeps ready. SQLite reads and commits hold a thread until they are done. By itself the runtime keeps as many
/// as there are processors, and adds one only after half a second in which all were held: two long runs that are opened at once would
/// make every other page wait so long.
/// </summary>
internal static class WorkerThreads
{
    private const int PerProcessor = 4;

    /// <summary>Keeps more of them ready, never fewer than were asked for elsewhere.</summary>
    public static void Reserve()
    {
        ThreadPool.GetMinThreads(out var workers, out var completions);
        ThreadPool.SetMinThreads(Math.Max(workers, PerProcessor * Environment.ProcessorCount), completions);
    }
}
