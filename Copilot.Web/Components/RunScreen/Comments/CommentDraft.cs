namespace Copilot.Web.Components.RunScreen.Comments;

/// <summary>What somebody is writing.</summary>
internal abstract record CommentDraft
{
    /// <summary>What they are writing it about: whoever begins that again finds their words.</summary>
    public abstract string Key { get; }

    /// <summary>A marker.</summary>
    /// <param name="Seq">Seq of the event that was shown when they began.</param>
    public sealed record Marker(long Seq) : CommentDraft
    {
        /// <summary>One of its own: the words go along to another moment.</summary>
        public override string Key => "marker";
    }

    /// <summary>A reply.</summary>
    /// <param name="CommentId">The marker.</param>
    public sealed record Reply(string CommentId) : CommentDraft
    {
        /// <inheritdoc/>
        public override string Key => $"reply {CommentId}";
    }

    /// <summary>Another text for their own comment.</summary>
    /// <param name="CommentId">The comment.</param>
    public sealed record Edit(string CommentId) : CommentDraft
    {
        /// <inheritdoc/>
        public override string Key => $"edit {CommentId}";
    }
}
