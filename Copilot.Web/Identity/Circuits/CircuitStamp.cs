using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;

namespace Copilot.Web.Identity.Circuits;

/// <summary>
/// Makes a circuit anonymous at once when its sign-in is signed out in any tab, and checks every 2 s whether the cookie's identity is
/// still valid, which all circuits and requests find out together. This is for display only: permissions come from leases, which end at once.
/// </summary>
internal sealed class CircuitStamp : RevalidatingServerAuthenticationStateProvider
{
    private readonly CurrentSignIns _current;
    private readonly AccessChanges _changes;
    private readonly IHostApplicationLifetime _lifetime;
    private CancellationTokenRegistration _signOut;
    private string? _signInId;
    private volatile bool _hasEnded;

    public CircuitStamp(ILoggerFactory logger, CurrentSignIns current, AccessChanges changes, IHostApplicationLifetime lifetime)
        : base(logger)
    {
        (_current, _changes, _lifetime) = (current, changes, lifetime);
        AuthenticationStateChanged += FollowSignIn;
    }

    /// <inheritdoc/>
    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    protected override Task<bool> ValidateAuthenticationStateAsync(
        AuthenticationState authenticationState, CancellationToken cancellationToken) =>
        RevalidateAsync(authenticationState, cancellationToken);

    /// <summary>Whether the circuit's person is still signed in.</summary>
    /// <exception cref="TaskCanceledException">The server stops: what it would ask is going, and so is the circuit.</exception>
    internal async Task<bool> RevalidateAsync(AuthenticationState state, CancellationToken cancellationToken)
    {
        try
        {
            if (!_lifetime.ApplicationStopping.IsCancellationRequested)
            {
                return await IsCurrentAsync(state.User, cancellationToken);
            }
        }
        catch (Exception) when (_lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // It stopped in the middle of the question.
        }

        // Anything else would be logged as an error by the framework's loop, and sign the person out.
        throw new TaskCanceledException(message: null, innerException: null, cancellationToken);
    }

    /// <summary>Whether the principal's sign-in has not ended, its stamp is the one in the store and the account is open.</summary>
    internal async Task<bool> IsCurrentAsync(ClaimsPrincipal principal, CancellationToken cancellationToken) =>
        await _current.FindAsync(principal, cancellationToken) is not null;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        AuthenticationStateChanged -= FollowSignIn;
        // Without waiting: a concurrent sign-out callback then finds a disposed circuit, which is fine.
        _signOut.Unregister();
        base.Dispose(disposing);
    }

    // The framework hands over the connection's principal as a finished task: before the first component runs, and at each reconnection.
    private void FollowSignIn(Task<AuthenticationState> state)
    {
        if (!state.IsCompletedSuccessfully || SignInId.Of(state.Result.User) is not { } signInId)
        {
            return;
        }

        if (_hasEnded || (_signInId is not null && _signInId != signInId))
        {
            // A circuit shows what its first sign-in may see, and never becomes another's.
            BecomeAnonymous();
            return;
        }

        _signInId = signInId;
        _signOut.Unregister();
        _signOut = _changes.TokenFor(signInId).Register(BecomeAnonymous);
    }

    private void BecomeAnonymous()
    {
        _hasEnded = true;
        SetAuthenticationState(Task.FromResult(new AuthenticationState(new ClaimsPrincipal(new ClaimsIdentity()))));
    }
}
