using Copilot.Web.Storage;
using Copilot.Web.Storage.Sessions;

namespace Copilot.Web.Sessions.Conversations;

/// <summary>Finds one person's conversations by their words, without changing what the sidebar shows.</summary>
internal sealed partial class ConversationSearch(SessionStore sessions, ILogger<ConversationSearch> logger)
{
    /// <summary>
    /// Those whose title, questions or answers have the words, the one that changed last first; the latest where there are no
    /// words. Null when they cannot be read.
    /// </summary>
    /// <param name="user">Whose conversations.</param>
    /// <param name="words">What is looked for.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public async Task<IReadOnlyList<SessionInfo>?> FindAsync(UserInfo user, string words, int limit, CancellationToken cancellationToken)
    {
        try
        {
            return await sessions.ListAsync(user.Id, SessionFilter.All, words.Trim(), before: null, limit, cancellationToken);
        }
        catch (Exception exception) when (StorageFailure.Is(exception))
        {
            LogReadFailed(exception);
            return null;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The conversations could not be searched")]
    private partial void LogReadFailed(Exception exception);
}
