using System.Collections.Concurrent;
using Copilot.Domain.Concurrency;

namespace Copilot.Web.Runs.Comments;

/// <summary>Tells who looks that comments have changed: whoever waits looks whether it is about them, without asking the store.</summary>
internal sealed class CommentChanges
{
    private readonly AsyncSignal _signal = new();
    private readonly ConcurrentDictionary<string, long> _versions = new(StringComparer.Ordinal);
    private long _version;

    /// <summary>Completes at the next change. Take it before reading.</summary>
    public Task Next => _signal.Next;

    /// <summary>Grows with each change of a run's comments or a person's mentions.</summary>
    /// <param name="id">The run or the person.</param>
    public long VersionOf(string id) => _versions.GetValueOrDefault(id);

    /// <summary>Reports a committed change.</summary>
    /// <param name="ids">The run and the people whom it is about.</param>
    public void Report(IEnumerable<string> ids)
    {
        var version = Interlocked.Increment(ref _version);
        foreach (var id in ids)
        {
            _versions.AddOrUpdate(id, version, (_, known) => Math.Max(known, version));
        }

        _signal.Set();
    }
}
