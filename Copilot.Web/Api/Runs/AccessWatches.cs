using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Web.Identity;
using Copilot.Web.Storage;

namespace Copilot.Web.Api.Runs;

/// <summary>
/// Looks again, while a request lasts, whether its key still works and its owner may still see the run. A lease ends at once with a
/// change that this process makes; a change that a command made in another process, and a key's expiry, are only seen by looking.
/// </summary>
internal sealed partial class AccessWatches(IRunAccess access, ApiKeys keys, TimeProvider time, ILogger<AccessWatches> logger)
{
    /// <summary>How often it looks.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    /// <summary>Begins to look. Dispose the watch when the request ends.</summary>
    /// <param name="caller">Who asks, with which key.</param>
    /// <param name="owner">Whose run it is.</param>
    /// <param name="action">What the caller does.</param>
    public AccessWatch Watch(ApiCaller caller, RunOwner owner, RunAction action) =>
        new(stop => WhenEndedAsync(caller, owner, action, stop));

    private async Task WhenEndedAsync(ApiCaller caller, RunOwner owner, RunAction action, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stop))
        {
            try
            {
                if (!await keys.WorksAsync(caller.KeyId, stop)
                    || await access.TryAcquireAsync(caller.User.Id, owner, action, stop) is null)
                {
                    return;
                }
            }
            catch (Exception exception) when (StorageFailure.Is(exception))
            {
                // Nothing can be changed either while storage is unavailable.
                LogNotChecked(exception, caller.KeyId);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Access of API key {KeyId} could not be checked again: storage is unavailable")]
    private partial void LogNotChecked(Exception exception, string keyId);
}
