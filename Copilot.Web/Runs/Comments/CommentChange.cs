namespace Copilot.Web.Runs.Comments;

/// <summary>What came of a change of comments.</summary>
/// <param name="Result">Whether it was accepted.</param>
/// <param name="CommentId">The comment, where it was.</param>
internal sealed record CommentChange(CommandResult Result, string? CommentId)
{
    /// <summary>Refused.</summary>
    public static CommentChange Refused(RefusalCode code, string message, string? field = null) => new(CommandResult.Refused(code, message, field), null);
}
