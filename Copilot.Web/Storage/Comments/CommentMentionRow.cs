namespace Copilot.Web.Storage.Comments;

/// <summary>Somebody whom a comment mentions.</summary>
internal sealed class CommentMentionRow
{
    public required string CommentId { get; init; }

    public required string UserId { get; init; }

    /// <summary>When they saw it, or null.</summary>
    public long? ReadAt { get; set; }
}
