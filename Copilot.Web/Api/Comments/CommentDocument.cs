using Copilot.Web.Api.Runs;
using Copilot.Web.Runs.Comments;

namespace Copilot.Web.Api.Comments;

/// <summary>The comments on a run.</summary>
internal sealed record CommentList(IReadOnlyList<CommentDocument> Comments);

/// <summary>A marker with its replies, or a reply.</summary>
internal sealed record CommentDocument(
    string CommentId,
    string? ReplyTo,
    long Seq,
    string AuthorId,
    string? Author,
    string Text,
    IReadOnlyList<string> Mentions,
    string CreatedAt,
    string? EditedAt,
    bool Deleted,
    string? SettledAt,
    string? SettledBy,
    IReadOnlyList<CommentDocument> Replies)
{
    /// <summary>A marker.</summary>
    public static CommentDocument From(CommentThread thread) => Of(thread.Marker, thread, replyTo: null) with
    {
        SettledAt = Time(thread.SettledAt),
        SettledBy = thread.SettledBy,
        Replies = [.. thread.Replies.Select(reply => Of(reply, thread, thread.Marker.Id))],
    };

    /// <summary>One of the comments of some threads, by its id; null for none of them.</summary>
    public static CommentDocument? Find(IReadOnlyList<CommentThread>? threads, string commentId)
    {
        var markers = (threads ?? []).Select(From).ToList();
        return markers.Concat(markers.SelectMany(marker => marker.Replies)).FirstOrDefault(one => one.CommentId == commentId);
    }

    private static CommentDocument Of(RunComment comment, CommentThread thread, string? replyTo) => new(
        comment.Id, replyTo, thread.Seq, comment.AuthorId, comment.Author, comment.Text, [.. comment.Mentions.Select(person => person.Id)],
        ApiTime.Format(comment.At), Time(comment.EditedAt), comment.IsDeleted, SettledAt: null, SettledBy: null, Replies: []);

    private static string? Time(DateTimeOffset? at) => at is { } moment ? ApiTime.Format(moment) : null;
}
