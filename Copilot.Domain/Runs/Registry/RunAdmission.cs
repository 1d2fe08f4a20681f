using Copilot.Domain.Concurrency;

namespace Copilot.Domain.Runs.Registry;

/// <summary>
/// The one place where it is decided whether a run may begin or wait: how many there are in all, per person and per API key is counted
/// and taken under one lock, before anything of the run is committed, for new runs, resumed ones and those that resume by themselves.
/// </summary>
internal sealed class RunAdmission(RunOptions options)
{
    private static readonly TimeSpan s_retryAfter = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly HashSet<RunPlace> _places = [];
    private readonly AsyncSignal _freed = new();

    /// <summary>Completes when the next place is given back. Take it before you ask.</summary>
    public Task Freed => _freed.Next;

    /// <summary>True when one more run of nobody in particular could work.</summary>
    public bool HasRoom
    {
        get
        {
            lock (_lock)
            {
                return Active() < MaxActiveOf(isAdmin: false);
            }
        }
    }

    /// <summary>How many runs work, or wait for their turn.</summary>
    public int Count(bool isActive)
    {
        lock (_lock)
        {
            return _places.Count(place => place.IsActive == isActive);
        }
    }

    /// <summary>Takes a place for a run that is to work at once.</summary>
    /// <returns>Null with a place, else why there is none.</returns>
    public StartOutcome.TooMany? TryEnter(RunClaim claim, out RunPlace? place)
    {
        lock (_lock)
        {
            var refusal = WhyNotActive(claim);
            place = refusal is null ? AddLocked(claim, isActive: true) : null;
            return refusal;
        }
    }

    /// <summary>Takes a place for a run that is to wait for its turn.</summary>
    /// <returns>Null with a place, else why there is none.</returns>
    public StartOutcome.TooMany? TryEnterQueue(RunClaim claim, out RunPlace? place)
    {
        lock (_lock)
        {
            var refusal = _places.Count(other => !other.IsActive && other.Claim.UserId == claim.UserId) >= options.MaxQueuedPerUser
                ? Refuse("user_queue_full", $"{options.MaxQueuedPerUser} messages are waiting already. Wait for an answer, or remove one.")
                : _places.Count(other => !other.IsActive) >= options.MaxQueued
                    ? Refuse("queue_full", "Too many messages are waiting on this server. Try again in a moment.")
                    : null;
            place = refusal is null ? AddLocked(claim, isActive: false) : null;
            return refusal;
        }
    }

    /// <inheritdoc cref="RunPlace.TryActivate"/>
    public bool TryActivate(RunPlace place)
    {
        lock (_lock)
        {
            if (!place.IsActive && _places.Contains(place))
            {
                place.IsActive = WhyNotActive(place.Claim) is null;
            }

            return place.IsActive;
        }
    }

    /// <inheritdoc cref="RunPlace.Queue"/>
    public void Queue(RunPlace place)
    {
        lock (_lock)
        {
            place.IsActive = false;
        }

        _freed.Set();
    }

    /// <inheritdoc cref="RunPlace.Dispose"/>
    public void Leave(RunPlace place)
    {
        bool left;
        lock (_lock)
        {
            left = _places.Remove(place);
        }

        if (left)
        {
            _freed.Set();
        }
    }

    private RunPlace AddLocked(RunClaim claim, bool isActive)
    {
        var place = new RunPlace(this, claim, isActive);
        _places.Add(place);
        return place;
    }

    private StartOutcome.TooMany? WhyNotActive(RunClaim claim) =>
        Active(place => place.Claim.UserId == claim.UserId) >= options.MaxActivePerUser
            ? Refuse("user_limit", $"{options.MaxActivePerUser} of your runs are active, the limit. Wait until one has ended.")
            : claim.ApiKeyId is { } key && Active(place => place.Claim.ApiKeyId == key) >= options.MaxActivePerKey
                ? Refuse("key_limit", $"{options.MaxActivePerKey} runs of this API key are active, the limit. Wait until one has ended.")
                : Active() >= MaxActiveOf(claim.IsAdmin)
                    ? Refuse("server_limit", $"{MaxActiveOf(claim.IsAdmin)} runs are active, the limit. Try again in a moment.")
                    : null;

    private int MaxActiveOf(bool isAdmin) => isAdmin ? options.MaxActive : Math.Max(1, options.MaxActive - options.ReservedForAdmins);

    private int Active() => Active(static _ => true);

    private int Active(Func<RunPlace, bool> among) => _places.Count(place => place.IsActive && among(place));

    private static StartOutcome.TooMany Refuse(string code, string message) => new(message, s_retryAfter) { Code = code };
}
