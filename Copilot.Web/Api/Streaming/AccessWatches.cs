using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Web.Identity;
using Copilot.Web.Storage;

namespace Copilot.Web.Api.Streaming;

/// <summary>
/// Looks again, while a request lasts, whether its key or sign-in still works and its owner may still see the run. A lease ends at once with a
/// change that this process makes; a change that a command made in another process, and a key's expiry, are only seen by looking.
/// </summary>
internal sealed partial class AccessWatches(
    IRunAccess access, ApiKeys keys, CurrentSignIns signIns, PersonStore people, TimeProvider time, ILogger<AccessWatches> logger)
{
    /// <summary>How often it looks.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    /// <summary>Begins to look. Dispose the watch when the request ends.</summary>
    /// <param name="caller">Who asks, with which key.</param>
    /// <param name="owner">Whose run it is.</param>
    /// <param name="action">What the caller does.</param>
    public AccessWatch Watch(ApiCaller caller, RunOwner owner, RunAction action) =>
        Watch(caller, async stop => await access.TryAcquireAsync(caller.User.Id, owner, action, stop) is not null);

    /// <summary>Begins to look at something else than a run. Dispose the watch when the request ends.</summary>
    /// <param name="caller">Who asks, with which key.</param>
    /// <param name="may">Whether their owner still may.</param>
    public AccessWatch Watch(ApiCaller caller, Func<CancellationToken, Task<bool>> may) => new(stop => WhenEndedAsync(caller, may, stop));

    /// <summary>
    /// Begins to look at who has sent a request, by key or by cookie: whether they still may ask at all, with the role and in the team that
    /// they had. Dispose the watch when the request ends.
    /// </summary>
    public AccessWatch Watch(HttpContext context)
    {
        if (context.Features.Get<ApiCaller>() is { } caller)
        {
            return Watch(caller, async stop => await people.FindAsync(caller.User.Id, stop) is { IsLocked: false } now
                && (now.Role, now.TeamId) == (caller.User.Role, caller.User.TeamId));
        }

        // Taken now: the request's own properties must not be touched from elsewhere.
        var user = context.User;
        return new AccessWatch(stop => WhenEndedAsync(
            async token => await signIns.FindAsync(user, token) is not null, SignInId.Of(user) ?? "", stop));
    }

    private Task WhenEndedAsync(ApiCaller caller, Func<CancellationToken, Task<bool>> may, CancellationToken stop) => WhenEndedAsync(
        async token => await keys.WorksAsync(caller.KeyId, token) && await may(token), caller.KeyId, stop);

    private async Task WhenEndedAsync(Func<CancellationToken, Task<bool>> may, string of, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stop))
        {
            try
            {
                if (!await may(stop))
                {
                    return;
                }
            }
            catch (Exception exception) when (StorageFailure.Is(exception))
            {
                // Nothing can be changed either while storage is unavailable.
                LogNotChecked(exception, of);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Access of {Of}, an API key or a sign-in, could not be checked again: storage is unavailable")]
    private partial void LogNotChecked(Exception exception, string of);
}
