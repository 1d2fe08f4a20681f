namespace Copilot.Web.Identity;

/// <summary>
/// Ends access leases: one cancellation token per person, sign-in or API key, cancelled when its permissions change. The next token is a
/// new one, so work that is still allowed takes a new lease. What nobody holds any more is not retained.
/// </summary>
internal sealed class AccessChanges
{
    private const int FirstSweep = 256;

    private readonly Lock _lock = new();

    // Weak: who holds a token, or is registered on it, holds its source.
    private readonly Dictionary<string, WeakReference<CancellationTokenSource>> _sources = new(StringComparer.Ordinal);
    private int _sweepAt = FirstSweep;

    /// <summary>How many holders there are, with those that nobody listens to since the last sweep; leak tests read it.</summary>
    internal int Count
    {
        get
        {
            lock (_lock)
            {
                return _sources.Count;
            }
        }
    }

    /// <summary>
    /// The token that the next change cancels. Take it before reading the holder's permissions: then a change in between cancels it.
    /// </summary>
    /// <param name="holderId">A user id, a sign-in's id or an API key id.</param>
    public CancellationToken TokenFor(string holderId)
    {
        lock (_lock)
        {
            if (_sources.TryGetValue(holderId, out var weak) && weak.TryGetTarget(out var source))
            {
                return source.Token;
            }

            // Never disposed: it has no timer and no wait handle, and late holders may still register on it.
            source = new CancellationTokenSource();
            _sources[holderId] = new WeakReference<CancellationTokenSource>(source);
            Sweep();
            return source.Token;
        }
    }

    /// <summary>Cancels the holder's leases; when it returns, all their tokens are cancelled and their callbacks have run.</summary>
    /// <param name="holderId">A user id, a sign-in's id or an API key id.</param>
    public async Task RevokeAsync(string holderId)
    {
        CancellationTokenSource? source;
        lock (_lock)
        {
            source = _sources.Remove(holderId, out var weak) && weak.TryGetTarget(out var held) ? held : null;
        }

        if (source is not null)
        {
            await source.CancelAsync();
        }
    }

    private void Sweep()
    {
        if (_sources.Count < _sweepAt)
        {
            return;
        }

        foreach (var (holderId, _) in _sources.Where(one => !one.Value.TryGetTarget(out _)).ToList())
        {
            _sources.Remove(holderId);
        }

        // As often as their number has doubled, so that it costs little per token.
        _sweepAt = Math.Max(FirstSweep, _sources.Count * 2);
    }
}
