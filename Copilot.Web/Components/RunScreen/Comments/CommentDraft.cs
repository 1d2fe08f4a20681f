namespace Copilot.Web.Components.RunScreen.Comments;

/// <summary>What somebody is writing.</summary>
internal abstract record CommentDraft
{
    /// <summary>A marker.</summary>
    /// <param name="Seq">Seq of the event that was shown when they began.</param>
    public sealed record Marker(long Seq) : CommentDraft;

    /// <summary>A reply.</summary>
    /// <param name="CommentId">The marker.</param>
    public sealed record Reply(string CommentId) : CommentDraft;

    /// <summary>Another text for their own comment.</summary>
    /// <param name="CommentId">The comment.</param>
    public sealed record Edit(string CommentId) : CommentDraft;
}
