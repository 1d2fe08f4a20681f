using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Web.Identity;
using Copilot.Web.Storage;

namespace Copilot.Web.Api.Streaming;

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
        Watch(caller, async stop => await access.TryAcquireAsync(caller.User.Id, owner, action, stop) is not null);

    /// <summary>Begins to look at something else than a run. Dispose the watch when the request ends.</summary>
    /// <param name="caller">Who asks, with which key.</param>
    /// <param name="may">Whether their owner still may.</param>
    public AccessWatch Watch(ApiCaller caller, Func<CancellationToken, Task<bool>> may) => new(stop => WhenEndedAsync(caller, may, stop));

    private async Task WhenEndedAsync(ApiCaller caller, Func<CancellationToken, Task<bool>> may, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stop))
        {
            try
            {
                if (!await keys.WorksAsync(caller.KeyId, stop) || !await may(stop))
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
