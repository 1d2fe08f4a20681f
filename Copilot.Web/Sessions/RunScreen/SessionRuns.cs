using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Storage;

namespace Copilot.Web.Sessions.RunScreen;

/// <summary>The runs of a conversation in the order in which they are played.</summary>
internal sealed partial class SessionRuns(IRunEventStore store, IRunAccess access, ILogger<SessionRuns> logger)
{
    /// <summary>Those that the person may see and that have content, the oldest first; null where they cannot be read now.</summary>
    public async Task<IReadOnlyList<RunSummary>?> FindAsync(UserInfo user, string sessionId, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(user, sessionId, cancellationToken);
        }
        catch (Exception exception) when (StorageFailure.Is(exception))
        {
            LogFailed(exception, sessionId);
            return null;
        }
    }

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
