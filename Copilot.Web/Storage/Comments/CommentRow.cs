namespace Copilot.Web.Storage.Comments;

/// <summary>A marker with a comment at a moment of a run, or a reply to one. It stands beside the log, never in it.</summary>
internal sealed class CommentRow
{
    /// <summary><c>cmt_…</c>.</summary>
    public required string Id { get; init; }

    public required string RunId { get; init; }

    /// <summary>The marker that it replies to; null for a marker.</summary>
    public string? ReplyTo { get; init; }

    /// <summary>Seq of the event that the marker stands at.</summary>
    public required long Seq { get; init; }

    public required string AuthorId { get; init; }

    /// <summary>Plain text; empty once it was deleted.</summary>
    public required string Text { get; set; }

    public required long CreatedAt { get; init; }

    public long? EditedAt { get; set; }

    /// <summary>When its author deleted it while it had replies, or null. Without replies its row is gone.</summary>
    public long? DeletedAt { get; set; }

    /// <summary>When the marker was settled; null while it is open, and for a reply.</summary>
    public long? SettledAt { get; set; }

    public string? SettledBy { get; set; }
}
