namespace Copilot.Web.Runs.Comments;

/// <summary>A marker with a comment, or a reply.</summary>
public sealed record RunComment
{
    /// <summary><c>cmt_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Who wrote it.</summary>
    public required string AuthorId { get; init; }

    /// <summary>Their name; null for somebody who is not there any more.</summary>
    public required string? Author { get; init; }

    /// <summary>Plain text as it was written; empty where it was deleted.</summary>
    public required string Text { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>When it was edited last, or null.</summary>
    public required DateTimeOffset? EditedAt { get; init; }

    /// <summary>True where its author deleted it and replies are still there.</summary>
    public required bool IsDeleted { get; init; }

    /// <summary>Who is mentioned in it.</summary>
    public required IReadOnlyList<CommentPerson> Mentions { get; init; }
}
