namespace Copilot.Web.Identity.Passwords;

/// <summary>
/// Slows down whoever tries passwords of one account at one address: after <see cref="Free"/> wrong ones the next is looked at only after a
/// pause, which doubles with each. Other addresses do not notice, so nobody is kept out of their account by a stranger elsewhere; what is
/// sent during a pause does not make it longer. Kept in memory: a restart forgives.
/// </summary>
internal sealed class WrongPasswords(TimeProvider time)
{
    /// <summary>Wrong passwords without a pause.</summary>
    public const int Free = 5;

    /// <summary>The first pause.</summary>
    public static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(30);

    /// <summary>The longest pause.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(15);

    /// <summary>After how long without a wrong password all is forgotten.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromDays(1);

    // Who has more addresses than this is not stopped by counting them, and the account's lock-out holds everywhere new.
    private const int MaxPlaces = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<(string UserId, string Address), Place> _places = [];

    /// <summary>Notes an attempt. False when it came during a pause: then it counts for nothing, whatever was sent.</summary>
    /// <param name="userId">The account.</param>
    /// <param name="address">Where it came from.</param>
    /// <param name="isRight">Whether the password was right, which ends the slowing down.</param>
    public bool TryNote(string userId, string address, bool isRight)
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            var place = _places.GetValueOrDefault((userId, address));
            if (place is not null && now - place.LastAt >= Memory)
            {
                place = null;
            }

            if (place is not null && now < place.LastAt + PauseAfter(place.Count))
            {
                return false;
            }

            if (isRight)
            {
                _places.Remove((userId, address));
                return true;
            }

            if (_places.Count >= MaxPlaces)
            {
                MakeRoom(now);
            }

            _places[(userId, address)] = new Place((place?.Count ?? 0) + 1, now);
            return true;
        }
    }

    /// <summary>Forgives what was tried with an account at all addresses: an admin has unlocked it, or given it another password.</summary>
    public void Forget(string userId)
    {
        lock (_lock)
        {
            foreach (var key in _places.Keys.Where(key => key.UserId == userId).ToList())
            {
                _places.Remove(key);
            }
        }
    }

    private static TimeSpan PauseAfter(int count) => count < Free ? TimeSpan.Zero
        : count - Free >= 10 ? LongestPause
        : TimeSpan.FromTicks(Math.Min(FirstPause.Ticks << (count - Free), LongestPause.Ticks));

    private void MakeRoom(DateTimeOffset now)
    {
        foreach (var (key, place) in _places)
        {
            if (now - place.LastAt >= Memory)
            {
                _places.Remove(key);
            }
        }

        if (_places.Count >= MaxPlaces)
        {
            _places.Remove(_places.MinBy(entry => entry.Value.LastAt).Key);
        }
    }

    private sealed record Place(int Count, DateTimeOffset LastAt);
}
