using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;

namespace Copilot.Web.Sessions.RunScreen;

/// <summary>Reads the events of runs to be taken along. Every run is asked for by itself: who may see one need not see all.</summary>
internal sealed partial class ExportedEvents(IRunEventStore store, IRunAccess access, ILogger<ExportedEvents> logger)
{
    /// <summary>The most events that are read at once.</summary>
    public const int MostEvents = 200_000;

    /// <summary>The most bytes of payload that are read at once.</summary>
    public const long MostBytes = 128L * 1024 * 1024;

    private const int Page = 1000;

    /// <summary>The events of a run, or of every run of its conversation that this person may see and that was not deleted, oldest first.</summary>
    /// <param name="user">Who takes them along.</param>
    /// <param name="run">The run.</param>
    /// <param name="wholeConversation">Whether the other runs of its conversation go along.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>Each run's events; null when there are more than can be read at once. Empty when nothing may be seen.</returns>
    /// <exception cref="OperationCanceledException">The reading was stopped, or the permission has ended.</exception>
    public async Task<IReadOnlyList<IReadOnlyList<RunEvent>>?> ReadAsync(UserInfo user, RunSummary run, bool wholeConversation, CancellationToken cancellationToken)
    {
        var asked = wholeConversation
            ? await store.ReadSessionAsync(run.SessionId, cancellationToken)
            : [run];
        var runs = new List<IReadOnlyList<RunEvent>>();
        var (count, bytes) = (0, 0L);
        foreach (var one in asked.Where(one => one.ForgottenAt is null))
        {
            if (await access.TryAcquireAsync(user.Id, new RunOwner(one.UserId, one.TeamId), RunAction.View, cancellationToken) is not { } lease)
            {
                continue;
            }

            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lease.Revoked);
            var events = new List<RunEvent>();
            while (await store.ReadAsync(one.RunId, events.Count == 0 ? 0 : events[^1].Seq, Page, either.Token) is { Count: > 0 } page)
            {
                events.AddRange(page);
                count += page.Count;
                bytes += page.Sum(runEvent => (long)runEvent.Data.Length);
                if (count > MostEvents || bytes > MostBytes)
                {
                    return null;
                }
            }

            runs.Add(events);
            LogExported(one.RunId, user.Id, events.Count);
        }

        return runs;
    }

    [LoggerMessage(LogLevel.Information, "Run {RunId} was read by {UserId} to be exported, {Count} events")]
    private partial void LogExported(string runId, string userId, int count);
}
