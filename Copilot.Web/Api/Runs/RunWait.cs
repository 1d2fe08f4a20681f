using System.Globalization;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Api.Streaming;
using Copilot.Web.Identity;

namespace Copilot.Web.Api.Runs;

/// <summary>Waits for runs on behalf of a request: <c>?wait=</c>.</summary>
internal sealed class RunWait(RunCompletionWaiter completion, AccessWatches watches, IRunEventStore store, TimeProvider time)
{
    /// <summary>Largest <c>?wait=</c>, in seconds.</summary>
    public const int MaxSeconds = 100;

    /// <summary>Longest wait: many proxies give up a request after a minute without an answer. A larger number waits this long.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(50);

    /// <summary>How long a request wants to wait; nothing without <c>?wait=</c>, null where that cannot be read.</summary>
    public static TimeSpan? Of(HttpRequest request) =>
        !request.Query.TryGetValue("wait", out var text) ? TimeSpan.Zero
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= MaxSeconds
            ? TimeSpan.FromSeconds(Math.Min(seconds, Longest.TotalSeconds))
            : null;

    /// <summary>
    /// Waits until the run has settled or waits for a person. Null when the permission ended meanwhile: then it does not exist for the
    /// caller.
    /// </summary>
    public async Task<WaitedRun?> WaitAsync(ApiCaller caller, LeasedRun leased, TimeSpan wait, CancellationToken aborted)
    {
        var run = leased.Run;
        await using var watch = watches.Watch(caller, new RunOwner(run.UserId, run.TeamId), RunAction.View);
        using var tooLong = new CancellationTokenSource(wait, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(
            [aborted, leased.Lease.Revoked, leased.KeyRevoked, watch.Ended, tooLong.Token]);
        try
        {
            return new WaitedRun(await completion.WaitAsync(run, ended.Token), HasRested: true);
        }
        catch (OperationCanceledException) when (leased.Lease.Revoked.IsCancellationRequested || leased.KeyRevoked.IsCancellationRequested || watch.Ended.IsCancellationRequested)
        {
            return null;
        }
        catch (OperationCanceledException) when (tooLong.IsCancellationRequested)
        {
            return new WaitedRun(await store.FindAsync(run.RunId, aborted) ?? run, HasRested: false);
        }
    }
}

/// <summary>A run after a wait.</summary>
/// <param name="Run">As it is now.</param>
/// <param name="HasRested">Whether it has settled or waits for a person; else the time was over.</param>
internal sealed record WaitedRun(RunSummary Run, bool HasRested);
