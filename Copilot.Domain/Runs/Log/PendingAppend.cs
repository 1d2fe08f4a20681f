namespace Copilot.Domain.Runs.Log;

/// <summary>An append that waits for its commit. Each event of every run is one, so it is a single object with its own completion.</summary>
internal sealed class PendingAppend(RunAppend append)
{
    private readonly TaskCompletionSource _committed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What is written.</summary>
    public RunAppend Append => append;

    /// <summary>The run it belongs to.</summary>
    public string RunId => append.Summary.RunId;

    /// <summary>True when it fails instead of waiting while the store is away.</summary>
    public bool Once { get; init; }

    /// <summary>Handed to <see cref="Ended"/>: bytes that were received for it.</summary>
    public int Bytes { get; init; }

    /// <summary>Called once, before <see cref="Committed"/> ends, with <see cref="Bytes"/> and what went wrong, or null. Must not throw.</summary>
    public Action<int, Exception?>? Ended { get; init; }

    /// <summary>Completes when it is committed and visible, or fails for good.</summary>
    public Task Committed => _committed.Task;

    /// <summary>It is committed.</summary>
    public void Complete()
    {
        Ended?.Invoke(Bytes, null);
        _committed.SetResult();
    }

    /// <summary>It will never be written.</summary>
    public void Fail(Exception exception)
    {
        Ended?.Invoke(Bytes, exception);
        _committed.SetException(exception);
    }
}
