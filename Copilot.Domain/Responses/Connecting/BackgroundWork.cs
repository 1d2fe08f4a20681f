namespace Copilot.Domain.Responses.Connecting;

/// <summary>Tasks that outlive the call that started them; their owner awaits them when it ends.</summary>
internal sealed class BackgroundWork
{
    private readonly Lock _lock = new();
    private readonly HashSet<Task> _running = [];

    /// <summary>How many are running; leak tests read it.</summary>
    public int Running
    {
        get
        {
            lock (_lock)
            {
                return _running.Count(task => !task.IsCompleted);
            }
        }
    }

    /// <summary>Tracks a task until it has ended. The task must handle its own errors.</summary>
    public void Add(Task work)
    {
        lock (_lock)
        {
            _running.RemoveWhere(task => task.IsCompletedSuccessfully);
            _running.Add(work);
        }
    }

    /// <summary>Waits for all that are running.</summary>
    public Task WhenDoneAsync()
    {
        lock (_lock)
        {
            return Task.WhenAll(_running.ToArray());
        }
    }
}
