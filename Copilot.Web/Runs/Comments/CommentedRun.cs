namespace Copilot.Web.Runs.Comments;

/// <summary>A run that somebody comments on.</summary>
/// <param name="RunId">The run.</param>
/// <param name="SessionId">Its session.</param>
/// <param name="UserId">Whose it is.</param>
/// <param name="TeamId">Their team at that time.</param>
/// <param name="HeadSeq">Seq of its newest event.</param>
/// <param name="IsErased">True when its content was deleted, or is about to be.</param>
internal sealed record CommentedRun(string RunId, string SessionId, string UserId, string TeamId, long HeadSeq, bool IsErased)
{
    /// <summary>The role in which it is seen.</summary>
    public string Role { get; init; } = "";
}
