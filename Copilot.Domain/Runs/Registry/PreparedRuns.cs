using Copilot.Domain.Responses.Connecting;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Domain.Runs.Registry;

/// <summary>A run scope in which a connection is being made ready. The caller that takes it owns it.</summary>
internal sealed record PreparedRun(string SessionId, string UserId, AsyncServiceScope Scope);

/// <summary>The scopes that wait for their message: at most one per session and a few per person. Each is dropped when typing stops.</summary>
internal sealed class PreparedRuns(TimeProvider time) : IAsyncDisposable
{
    /// <summary>A person writes in one place at a time; more is a page that was left.</summary>
    public const int MaxPerUser = 3;

    /// <summary>Sockets that the whole process holds open for nothing yet.</summary>
    public const int MaxInAll = 50;

    private readonly Dictionary<string, Waiting> _waiting = [];
    private readonly Lock _lock = new();
    private readonly BackgroundWork _dropping = new();
    private bool _closed;

    /// <summary>How many wait; leak tests read it.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Keeps this person's preparation of the session for its whole lifetime from now on. False when there is none.</summary>
    public bool TryExtend(string sessionId, string userId, TimeSpan lifetime)
    {
        lock (_lock)
        {
            return _waiting.TryGetValue(sessionId, out var waiting) && waiting.Run.UserId == userId && waiting.Timer.Change(lifetime, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>True when one more may be prepared for this person. Their oldest makes place for it.</summary>
    public bool HasRoom(string userId)
    {
        lock (_lock)
        {
            var own = _waiting.Values.Where(waiting => waiting.Run.UserId == userId).OrderBy(waiting => waiting.Since).ToArray();
            if (own.Length >= MaxPerUser)
            {
                DropLocked(own[0].Run.SessionId);
            }

            return !_closed && _waiting.Count < MaxInAll;
        }
    }

    /// <summary>Keeps a preparation. False when there is one already or it is too late; the caller then disposes it.</summary>
    public bool TryAdd(PreparedRun run, TimeSpan lifetime)
    {
        lock (_lock)
        {
            if (_closed || _waiting.ContainsKey(run.SessionId))
            {
                return false;
            }

            var timer = time.CreateTimer(_ => Discard(run), null, lifetime, Timeout.InfiniteTimeSpan);
            _waiting.Add(run.SessionId, new Waiting(run, timer, time.GetTimestamp()));
            return true;
        }
    }

    /// <summary>Hands out the session's preparation, or null.</summary>
    public PreparedRun? Take(string sessionId)
    {
        lock (_lock)
        {
            if (!_waiting.Remove(sessionId, out var waiting))
            {
                return null;
            }

            waiting.Timer.Dispose();
            return waiting.Run;
        }
    }

    /// <summary>Closes all that wait, and waits for those that are being closed.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _closed = true;
            foreach (var sessionId in _waiting.Keys.ToArray())
            {
                DropLocked(sessionId);
            }
        }

        await _dropping.WhenDoneAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Discard(PreparedRun run)
    {
        lock (_lock)
        {
            if (_waiting.TryGetValue(run.SessionId, out var waiting) && ReferenceEquals(waiting.Run, run))
            {
                DropLocked(run.SessionId);
            }
        }
    }

    private void DropLocked(string sessionId)
    {
        if (_waiting.Remove(sessionId, out var waiting))
        {
            waiting.Timer.Dispose();
            _dropping.Add(Task.Run(() => waiting.Run.Scope.DisposeAsync().AsTask()));
        }
    }

    private sealed record Waiting(PreparedRun Run, ITimer Timer, long Since);
}
