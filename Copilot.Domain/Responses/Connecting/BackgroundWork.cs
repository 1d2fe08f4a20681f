namespace Copilot.Domain.Responses.Connecting;

/// <summary>Tasks that outlive the call that began them; whoever owns them waits for them at its end.</summary>
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

    /// <summary>Remembers a task until it has ended. It must deal with its own errors.</summary>
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
