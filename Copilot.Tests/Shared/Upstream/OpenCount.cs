namespace Copilot.Tests.Shared.Upstream;

/// <summary>How many of something are open, with a signal for none.</summary>
internal sealed class OpenCount
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _none = NewSignal();
    private int _open;

    public OpenCount() => _none.SetResult();

    public int Open
    {
        get
        {
            lock (_lock)
            {
                return _open;
            }
        }
    }

    /// <summary>Completes when none is open, at once if none is.</summary>
    public Task WhenNone
    {
        get
        {
            lock (_lock)
            {
                return _none.Task;
            }
        }
    }

    /// <summary>Counts one for as long as this takes.</summary>
    public async Task DuringAsync(Func<Task> work)
    {
        Begin();
        try
        {
            await work();
        }
        finally
        {
            End();
        }
    }

    public void Begin()
    {
        lock (_lock)
        {
            if (_open++ == 0)
            {
                _none = NewSignal();
            }
        }
    }

    public void End()
    {
        lock (_lock)
        {
            if (--_open == 0)
            {
                _none.SetResult();
            }
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
