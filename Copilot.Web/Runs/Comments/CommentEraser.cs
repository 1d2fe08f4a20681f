using Copilot.Web.Storage;
using Copilot.Web.Storage.Comments;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Runs.Comments;

/// <summary>Removes comments so that what others said to them can still be read.</summary>
internal static class CommentEraser
{
    /// <summary>Removes one. A marker with replies loses its text and its mentions; the last reply takes a marker like that with it.</summary>
    /// <param name="db">In the transaction that removes it.</param>
    /// <param name="comment">The comment.</param>
    /// <param name="now">UTC microseconds.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task EraseAsync(CopilotDbContext db, CommentRow comment, long now, CancellationToken cancellationToken)
    {
        if (comment.ReplyTo is null && await db.Comments.AnyAsync(row => row.ReplyTo == comment.Id, cancellationToken))
        {
            (comment.Text, comment.DeletedAt) = ("", now);
            db.CommentMentions.RemoveRange(await db.CommentMentions.Where(row => row.CommentId == comment.Id).ToListAsync(cancellationToken));
            return;
        }

        // Loaded, so that who was mentioned is told.
        db.CommentMentions.RemoveRange(await db.CommentMentions.Where(row => row.CommentId == comment.Id).ToListAsync(cancellationToken));
        db.Comments.Remove(comment);
        if (comment.ReplyTo is { } marker && !await db.Comments.AnyAsync(row => row.ReplyTo == marker && row.Id != comment.Id, cancellationToken)
            && await db.Comments.SingleOrDefaultAsync(row => row.Id == marker && row.DeletedAt != null, cancellationToken) is { } empty)
        {
            db.Comments.Remove(empty);
        }
    }
}
