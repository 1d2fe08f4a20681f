namespace Copilot.Web.Storage.Sessions;

/// <summary>One conversation, as lists and the chat's header show it.</summary>
/// <param name="Id">Session id (<c>ses_…</c>).</param>
/// <param name="UserId">Its owner.</param>
/// <param name="TeamId">The team it was created in.</param>
/// <param name="Title">Its title: the start of its first message until someone renames it.</param>
/// <param name="HeadRunId">Tip of the branch the chat shows; null only in a session without runs.</param>
/// <param name="CreatedAt">When its first run was created.</param>
/// <param name="UpdatedAt">When a run of it was last created, started or settled.</param>
public sealed record SessionInfo(
    string Id,
    string UserId,
    string TeamId,
    string Title,
    string? HeadRunId,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    /// <summary>Whether its owner has pinned it.</summary>
    public bool IsPinned { get; init; }

    /// <summary>Whether its owner has put it away.</summary>
    public bool IsArchived { get; init; }

    /// <summary>Whether its newest run has failed.</summary>
    public bool HasFailed { get; init; }

    /// <summary>Whether its newest run was interrupted and can be resumed.</summary>
    public bool IsInterrupted { get; init; }

    /// <summary>Whether a run has settled since the person who reads the list looked at it last.</summary>
    public bool IsUnread { get; init; }

    /// <summary>Whether its content was deleted.</summary>
    public bool IsErased { get; init; }

    /// <summary>Where the words were found that the list was searched for; null without a search and for those in the title only.</summary>
    public SearchSnippet? Snippet { get; init; }
}

/// <summary>A position in the list of sessions, newest first: the next page begins below it.</summary>
internal sealed record SessionCursor(DateTimeOffset UpdatedAt, string Id)
{
    /// <summary>The position of a session: usually the last one of a page.</summary>
    public static SessionCursor Of(SessionInfo session) => new(session.UpdatedAt, session.Id);
}
