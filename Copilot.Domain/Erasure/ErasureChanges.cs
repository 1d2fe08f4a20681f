using System.Collections.Immutable;
using Copilot.Domain.Concurrency;
using Copilot.Domain.Erasure.Records;

namespace Copilot.Domain.Erasure;

/// <summary>What wakes the worker, and who is told about its progress.</summary>
internal sealed class ErasureChanges
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ImmutableList<ErasureWatch>> _bySession = new(StringComparer.Ordinal);
    private ImmutableList<ErasureWatch> _all = [];

    /// <summary>Set when something may have to be removed here.</summary>
    public AsyncSignal ToErase { get; } = new();

    /// <summary>Set when something may have to be deleted upstream.</summary>
    public AsyncSignal ToVerify { get; } = new();

    /// <summary>Set when a retention rule or a legal hold has changed.</summary>
    public AsyncSignal Retention { get; } = new();

    /// <summary>Follows the requests of one conversation, or all of them.</summary>
    /// <param name="sessionId">The conversation; null for all.</param>
    public ErasureWatch Watch(string? sessionId)
    {
        var watch = new ErasureWatch(this, sessionId);
        lock (_lock)
        {
            if (sessionId is null)
            {
                _all = _all.Add(watch);
            }
            else
            {
                _bySession[sessionId] = _bySession.GetValueOrDefault(sessionId, []).Add(watch);
            }
        }

        return watch;
    }

    /// <summary>Tells those who follow this request.</summary>
    public void Publish(ErasureRequest request)
    {
        ImmutableList<ErasureWatch> ofSession;
        ImmutableList<ErasureWatch> all;
        lock (_lock)
        {
            (ofSession, all) = (_bySession.GetValueOrDefault(request.SessionId, []), _all);
        }

        foreach (var watch in ofSession)
        {
            watch.Report(request.Id);
        }

        foreach (var watch in all)
        {
            watch.Report(request.Id);
        }
    }

    /// <summary>Ends following.</summary>
    public void Remove(ErasureWatch watch)
    {
        lock (_lock)
        {
            if (watch.SessionId is not { } sessionId)
            {
                _all = _all.Remove(watch);
            }
            else if (_bySession.TryGetValue(sessionId, out var watches) && watches.Remove(watch) is var left)
            {
                if (left.IsEmpty)
                {
                    _bySession.Remove(sessionId);
                }
                else
                {
                    _bySession[sessionId] = left;
                }
            }
        }
    }
}
