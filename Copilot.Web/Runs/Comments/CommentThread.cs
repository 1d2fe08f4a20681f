namespace Copilot.Web.Runs.Comments;

/// <summary>A marker at a moment of a run, with its replies.</summary>
/// <param name="Seq">Seq of the event that it stands at.</param>
/// <param name="Marker">What was said first.</param>
/// <param name="Replies">The replies, oldest first.</param>
/// <param name="SettledAt">When it was settled; null while it is open.</param>
/// <param name="SettledBy">Who settled it; null while it is open, and for somebody who is not there any more.</param>
public sealed record CommentThread(long Seq, RunComment Marker, IReadOnlyList<RunComment> Replies, DateTimeOffset? SettledAt, string? SettledBy)
{
    /// <summary>True until somebody settles it.</summary>
    public bool IsOpen => SettledAt is null;
}
