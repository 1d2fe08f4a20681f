using Copilot.Domain.Concurrency;

namespace Copilot.Domain.Erasure;

/// <summary>
/// Follows the progress of erasure requests: those of one conversation, or all. Get it from <see cref="ErasureService.Watch"/>, and
/// dispose it to stop.
/// </summary>
public sealed class ErasureWatch : IDisposable
{
    private readonly ErasureChanges _changes;
    private readonly AsyncSignal _signal = new();
    private readonly Lock _lock = new();
    private HashSet<string> _changed = [];

    internal ErasureWatch(ErasureChanges changes, string? sessionId) => (_changes, SessionId) = (changes, sessionId);

    /// <summary>Completes at the next change. Take it before reading.</summary>
    public Task Next => _signal.Next;

    /// <summary>The conversation; null for all.</summary>
    internal string? SessionId { get; }

    /// <summary>The ids of the requests that have changed since the last call.</summary>
    public IReadOnlySet<string> Take()
    {
        lock (_lock)
        {
            var changed = _changed;
            _changed = [];
            return changed;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _changes.Remove(this);

    internal void Report(string erasureId)
    {
        lock (_lock)
        {
            _changed.Add(erasureId);
        }

        _signal.Set();
    }
}
