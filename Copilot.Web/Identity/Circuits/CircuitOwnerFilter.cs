using Microsoft.AspNetCore.SignalR;

namespace Copilot.Web.Identity.Circuits;

/// <summary>
/// Binds circuits to their owners at each connection. A circuit is started by who is signed in; only the same sign-in reconnects to it
/// (anybody else is told that it is gone, and the page loads anew); and once the sign-in has ended, what the page asks for is not done.
/// </summary>
internal sealed partial class CircuitOwnerFilter(
    CircuitOwners owners, SignIns signIns, AccessChanges changes, ILogger<CircuitOwnerFilter> logger) : IHubFilter
{
    private const string EndedKey = "copilot:sign_in_ended";

    /// <inheritdoc/>
    public async ValueTask<object?> InvokeMethodAsync(
        HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next) =>
        invocationContext.HubMethodName switch
        {
            "StartCircuit" or "ResumeCircuit" => await StartAsync(invocationContext, next),
            "ConnectCircuit" => await ConnectAsync(invocationContext, next),
            // Events and calls of the page. What it only acknowledges goes through: it may be on its way to the sign-in page.
            "BeginInvokeDotNetFromJS" or "ReceiveByteArray" when HasEnded(invocationContext.Context) => null,
            _ => await next(invocationContext),
        };

    private async Task<object?> StartAsync(HubInvocationContext invocation, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        if (await OwnerAsync(invocation.Context) is not { } owner)
        {
            LogNotSignedIn(invocation.HubMethodName);
            return await RefuseAsync(invocation);
        }

        if (owners.TryBegin(owner) is not { } place)
        {
            LogTooMany(owner.UserId, owners.Count);
            return await RefuseAsync(invocation);
        }

        string? secret = null;
        try
        {
            secret = await next(invocation) as string;
            return secret;
        }
        finally
        {
            place.Started(secret);
        }
    }

    private async Task<object?> ConnectAsync(HubInvocationContext invocation, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        var owner = await OwnerAsync(invocation.Context);
        if (owner is not null && invocation.HubMethodArguments is [string secret, ..] && owners.Owns(owner, secret))
        {
            return await next(invocation);
        }

        LogForeign(owner?.UserId);
        return false;
    }

    private async Task<CircuitOwner?> OwnerAsync(HubCallerContext connection)
    {
        if (CircuitOwner.Of(connection.User) is not { } owner)
        {
            return null;
        }

        // Taken before the store is read: an end that is committed in between cancels it.
        connection.Items[EndedKey] = changes.TokenFor(owner.SignInId);
        return await signIns.IsOpenAsync(owner.SignInId, owner.UserId, connection.ConnectionAborted) ? owner : null;
    }

    private static bool HasEnded(HubCallerContext connection) =>
        connection.Items.TryGetValue(EndedKey, out var ended) && ended is CancellationToken { IsCancellationRequested: true };

    // The page's own notice says that it broke, and offers to load it again.
    private static async Task<object?> RefuseAsync(HubInvocationContext invocation)
    {
        await invocation.Hub.Clients.Caller.SendAsync("JS.Error", "The circuit was refused.", invocation.Context.ConnectionAborted);
        return null;
    }

    [LoggerMessage(LogLevel.Warning, "Refused {Method} to a page whose person is not signed in")]
    private partial void LogNotSignedIn(string method);

    [LoggerMessage(LogLevel.Warning, "Refused a page to {UserId}: {Count} pages are open, the limit of the person or of all (Limits:CircuitsPerPerson, Limits:Circuits)")]
    private partial void LogTooMany(string userId, int count);

    [LoggerMessage(LogLevel.Information, "A page of another sign-in was not given back (asked by {UserId})")]
    private partial void LogForeign(string? userId);
}
