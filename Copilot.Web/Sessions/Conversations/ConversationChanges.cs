using Copilot.Domain.Concurrency;

namespace Copilot.Web.Sessions.Conversations;

/// <summary>Tells the lists of one person, in every tab and on every device, that a conversation has another title, place or mark.</summary>
internal sealed class ConversationChanges
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<AsyncSignal>> _watchers = [];

    /// <summary>How many watch; leak tests read it.</summary>
    public int Watchers
    {
        get
        {
            lock (_lock)
            {
                return _watchers.Values.Sum(signals => signals.Count);
            }
        }
    }

    /// <summary>Sets a signal at each change of a person's conversations, until the watch is disposed.</summary>
    public IDisposable Watch(string userId, AsyncSignal signal)
    {
        lock (_lock)
        {
            if (!_watchers.TryGetValue(userId, out var signals))
            {
                _watchers[userId] = signals = [];
            }

            signals.Add(signal);
        }

        return new Subscription(this, userId, signal);
    }

    /// <summary>Something has changed.</summary>
    public void Report(string userId)
    {
        lock (_lock)
        {
            foreach (var signal in _watchers.GetValueOrDefault(userId) ?? [])
            {
                signal.Set();
            }
        }
    }

    private void Leave(string userId, AsyncSignal signal)
    {
        lock (_lock)
        {
            if (_watchers.TryGetValue(userId, out var signals) && signals.Remove(signal) && signals.Count == 0)
            {
                _watchers.Remove(userId);
            }
        }
    }

    private sealed class Subscription(ConversationChanges changes, string userId, AsyncSignal signal) : IDisposable
    {
        public void Dispose() => changes.Leave(userId, signal);
    }
}
