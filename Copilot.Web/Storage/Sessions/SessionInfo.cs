namespace Copilot.Web.Storage.Sessions;

/// <summary>One conversation, as lists and the chat's header show it.</summary>
/// <param name="Id">Session id (<c>ses_…</c>).</param>
/// <param name="UserId">Whose it is.</param>
/// <param name="TeamId">The team it was made in.</param>
/// <param name="Title">What it is called: the beginning of its first message until somebody renames it.</param>
/// <param name="HeadRunId">Tip of the branch the chat shows; null only in a session whose runs are all gone.</param>
/// <param name="CreatedAt">When its first run was created.</param>
/// <param name="UpdatedAt">When a run of it was created, started or came to rest last.</param>
internal sealed record SessionInfo(
    string Id,
    string UserId,
    string TeamId,
    string Title,
    string? HeadRunId,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt);

/// <summary>A position in the list of sessions, newest first: the next page begins below it.</summary>
internal sealed record SessionCursor(DateTimeOffset UpdatedAt, string Id)
{
    /// <summary>The position of a session: usually the last one of a page.</summary>
    public static SessionCursor Of(SessionInfo session) => new(session.UpdatedAt, session.Id);
}
