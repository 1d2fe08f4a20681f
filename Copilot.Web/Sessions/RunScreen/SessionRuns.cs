using System.Runtime.CompilerServices;
using Copilot.Domain.Audit;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Sessions.Supervising;
using Copilot.Web.Storage;

namespace Copilot.Web.Sessions.RunScreen;

/// <summary>The runs of a conversation in the order in which they are played.</summary>
internal sealed partial class SessionRuns(IRunEventStore store, IRunDirectory directory, IRunAccess access, PageAudit audit, ILogger<SessionRuns> logger)
{
    private string _recorded = "";

    /// <summary>
    /// Those that the person may see and that have content, the oldest first; null where they cannot be read now. They are shown with their
    /// questions: of somebody else's, the access log says so before.
    /// </summary>
    public async Task<IReadOnlyList<RunSummary>?> FindAsync(UserInfo user, string sessionId, CancellationToken cancellationToken)
    {
        try
        {
            var runs = await ReadAsync(user, sessionId, cancellationToken);
            if (runs is [var first, _, ..] && _recorded != sessionId)
            {
                await audit.RecordAsync(user, AccessActions.SessionRead, sessionId, first.UserId, "runs of the conversation", cancellationToken);
                _recorded = sessionId;
            }

            return runs;
        }
        catch (Exception exception) when (exception is AccessNotRecordedException || StorageFailure.Is(exception))
        {
            LogFailed(exception, sessionId);
            return null;
        }
    }

    /// <summary>The same, and again whenever a run of it has begun, ended or lost its content. Ends by cancellation.</summary>
    public async IAsyncEnumerable<IReadOnlyList<RunSummary>> FollowAsync(
        UserInfo user, string sessionId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var changes = directory.FollowAsync(RunScope.OfSession(sessionId), stop.Token).GetAsyncEnumerator(stop.Token);

        // Listened to before they are read, so that no change falls in between.
        var next = changes.MoveNextAsync().AsTask();
        try
        {
            var runs = await FindAsync(user, sessionId, stop.Token) ?? [];
            var known = runs.ToDictionary(run => run.RunId, Standing);
            yield return runs;
            while (await next)
            {
                // Most of what comes is words of a run that works.
                var news = changes.Current.Where(run => !known.TryGetValue(run.RunId, out var standing) || standing != Standing(run)).ToList();
                next = changes.MoveNextAsync().AsTask();
                if (news.Count > 0 && await FindAsync(user, sessionId, stop.Token) is { } read)
                {
                    foreach (var run in read.Concat(news))
                    {
                        known[run.RunId] = Standing(run);
                    }

                    yield return read;
                }
            }
        }
        finally
        {
            await stop.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await changes.DisposeAsync();
        }
    }

    private static (RunStatus Status, bool HasContent) Standing(RunSummary run) => (run.Status, run.ForgottenAt is null);

    private async Task<IReadOnlyList<RunSummary>> ReadAsync(UserInfo user, string sessionId, CancellationToken cancellationToken)
    {
        var runs = new List<RunSummary>();
        var asked = new Dictionary<RunOwner, bool>();
        foreach (var run in await store.ReadSessionAsync(sessionId, cancellationToken))
        {
            var owner = new RunOwner(run.UserId, run.TeamId);
            if (!asked.TryGetValue(owner, out var isSeen))
            {
                asked[owner] = isSeen = await access.TryAcquireAsync(user.Id, owner, RunAction.View, cancellationToken) is not null;
            }

            if (isSeen && run.ForgottenAt is null)
            {
                runs.Add(run);
            }
        }

        return runs;
    }

    [LoggerMessage(LogLevel.Warning, "The runs of session {SessionId} could not be read")]
    private partial void LogFailed(Exception exception, string sessionId);
}
