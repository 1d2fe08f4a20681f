using System.Globalization;
using Copilot.Web.Components.RunScreen.Player;
using Copilot.Web.Runs.Comments;
using Copilot.Web.Sessions;

namespace Copilot.Web.Components.RunScreen.Comments;

/// <summary>What the comments on a run say.</summary>
internal static class CommentsText
{
    public const string Comments = "Comments";
    public const string Show = "Show comments";
    public const string ShownComments = "Which comments are shown";
    public const string Markers = "Comments on this run";
    public const string SetMarker = "Comment here";
    public const string SetMarkerTitle = "Comment on this moment (M)";
    public const string KeyMarker = "Comment on this moment";
    public const string WhoSees = "Everybody who can see this run sees comments. Write @ and a name to mention somebody.";
    public const string Save = "Save comment";
    public const string Cancel = "Cancel";
    public const string Reply = "Reply";
    public const string Edit = "Edit";
    public const string Delete = "Delete";
    public const string Settle = "Resolve";
    public const string Reopen = "Reopen";
    public const string Deleted = "This comment was deleted.";
    public const string DeleteTitle = "Delete this comment?";
    public const string DeleteDetails = "This can't be undone. Replies to it stay.";
    public const string EditText = "Edit your comment";
    public const string People = "People to mention";
    public const string Edited = "edited";
    public const string You = "You";
    public const string Loading = "Loading the comments";
    public const string NotLoaded = "Comments can't be read at the moment. Trying again…";
    public const string ContentDeleted = "The comments were deleted with the conversation.";
    public const string NotSaved = "Your comment isn't saved yet because storage is slow. You can try again.";

    /// <summary>Nothing is shown.</summary>
    public static string Empty(CommentFilter filter) => filter switch
    {
        CommentFilter.Open => "No open comments. To comment on the moment that is shown, choose “Comment here” or press M.",
        CommentFilter.Settled => "No resolved comments.",
        _ => "No comments yet. To comment on the moment that is shown, choose “Comment here” or press M.",
    };

    /// <summary>A choice of what is shown.</summary>
    public static string Of(CommentFilter filter, int count) => string.Create(
        CultureInfo.InvariantCulture, $"{filter switch { CommentFilter.Open => "Open", CommentFilter.Settled => "Resolved", _ => "All" }} ({count})");

    /// <summary>The button that shows them, with how many are open.</summary>
    public static string Button(int open) => open == 0 ? Comments : string.Create(CultureInfo.InvariantCulture, $"{Comments} ({open})");

    /// <summary>A moment of the run.</summary>
    /// <param name="at">How far it is from the run's beginning; null where that is not known yet.</param>
    /// <param name="seq">Seq of the event.</param>
    public static string Moment(TimeSpan? at, long seq) => at is { } time ? PlayerText.Time(time) : RunScreenText.Event(seq);

    /// <summary>A new comment.</summary>
    public static string NewAt(string moment) => $"Comment at {moment}";

    /// <summary>A reply.</summary>
    public static string ReplyTo(string author) => $"Reply to {author}";

    /// <summary>A button of one of several comments.</summary>
    public static string About(string verb, string author, string moment) => $"{verb}: {author}, {moment}";

    /// <summary>Leads to a moment.</summary>
    public static string GoTo(string moment) => $"Go to {moment}";

    /// <summary>Who wrote it.</summary>
    public static string Author(RunComment comment, UserInfo user) => comment.AuthorId == user.Id ? You : comment.Author ?? RunScreenText.SomebodyElse;

    /// <summary>That a marker is settled.</summary>
    public static string SettledBy(CommentThread thread, TimeZoneInfo zone) =>
        $"Resolved by {thread.SettledBy ?? RunScreenText.SomebodyElse}, {RunScreenText.Moment(thread.SettledAt!.Value, zone)}";

    /// <summary>A marker on the player's bar.</summary>
    public static string Mark(CommentThread thread) => $"{thread.Marker.Author ?? RunScreenText.SomebodyElse}: {Beginning(thread.Marker.Text)}";

    /// <summary>Somebody else wrote something just now.</summary>
    public static string Arrived(string author) => $"New comment by {author}";

    private static string Beginning(string text) => text.Length == 0 ? Deleted : text.Length <= 120 ? text : text[..120] + "…";
}
