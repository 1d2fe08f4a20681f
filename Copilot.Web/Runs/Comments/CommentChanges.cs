using Copilot.Domain.Concurrency;

namespace Copilot.Web.Runs.Comments;

/// <summary>Signals that comments have changed: whoever waits checks whether it is about them, without asking the store.</summary>
internal sealed class CommentChanges
{
    // Of how many runs and people it is known that nothing has changed. Beyond that all look once.
    private const int MostKnown = 10_000;

    private readonly AsyncSignal _signal = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _versions = new(StringComparer.Ordinal);
    private long _version;
    private long _oldest;

    /// <summary>Completes at the next change. Take it before reading.</summary>
    public Task Next => _signal.Next;

    /// <summary>Grows with each change of a run's comments or a person's mentions.</summary>
    /// <param name="id">The run or the person.</param>
    public long VersionOf(string id)
    {
        lock (_lock)
        {
            return _versions.GetValueOrDefault(id, _oldest);
        }
    }

    /// <summary>Reports a committed change.</summary>
    /// <param name="ids">The run and the people whom it is about.</param>
    public void Report(IReadOnlyCollection<string> ids)
    {
        lock (_lock)
        {
            _version++;
            if (_versions.Count + ids.Count > MostKnown)
            {
                Forget();
            }

            foreach (var id in ids)
            {
                _versions[id] = _version;
            }
        }

        _signal.Set();
    }

    /// <summary>Reports a committed change of which nobody knows any more whom it is about.</summary>
    public void ReportAll()
    {
        lock (_lock)
        {
            _version++;
            Forget();
        }

        _signal.Set();
    }

    private void Forget()
    {
        _versions.Clear();
        _oldest = _version;
    }
}
