using System.Collections.Concurrent;

namespace Copilot.Web.Identity;

/// <summary>
/// Ends access leases: one cancellation token per person, sign-in or API key, cancelled when its permissions change. The next token is a
/// new one, so work that is still allowed takes a new lease.
/// </summary>
internal sealed class AccessChanges
{
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _sources = new(StringComparer.Ordinal);

    /// <summary>
    /// The token that the next change cancels. Take it before reading the holder's permissions: then a change in between cancels it.
    /// </summary>
    /// <param name="holderId">A user id, a sign-in's id or an API key id.</param>
    public CancellationToken TokenFor(string holderId) =>
        // Never disposed: it has no timer and no wait handle, and late holders may still register on it.
        _sources.GetOrAdd(holderId, static _ => new CancellationTokenSource()).Token;

    /// <summary>Cancels the holder's leases; when it returns, all their tokens are cancelled and their callbacks have run.</summary>
    /// <param name="holderId">A user id, a sign-in's id or an API key id.</param>
    public async Task RevokeAsync(string holderId)
    {
        if (_sources.TryRemove(holderId, out var source))
        {
            await source.CancelAsync();
        }
    }
}
