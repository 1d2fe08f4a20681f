using System.Globalization;

namespace Copilot.Web.Runs.Comments;

/// <summary>Why a comment is refused.</summary>
internal static class CommentText
{
    public const string TextMissing = "Write a comment first.";
    public const string NoSuchRun = "This run doesn't exist any more.";
    public const string NoSuchComment = "This comment doesn't exist any more.";
    public const string NotYours = "Only the person who wrote a comment can edit or delete it.";
    public const string NoMarker = "A reply can't be resolved. Resolve the comment that it replies to.";
    public const string MomentInvalid = "This run has no such moment.";
    public const string ContentDeleted = "The content of this run was deleted, so it can't be commented on.";
    public const string Held = "This conversation is under a legal hold, so comments on it can't be edited or deleted. Ask an admin.";
    public const string NotSaved = "Your comment couldn't be saved because storage is unavailable. You can try again.";

    /// <summary>It is too long.</summary>
    public static string TooLong(int length) =>
        string.Create(CultureInfo.InvariantCulture, $"A comment can have up to {RunComments.MaxText:N0} characters; this one has {length:N0}.");

    /// <summary>There are too many.</summary>
    public static string TooMany { get; } = string.Create(CultureInfo.InvariantCulture, $"A run can have up to {RunComments.MaxComments:N0} comments.");
}
