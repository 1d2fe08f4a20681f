using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Copilot.Domain.Audit;
using Copilot.Domain.Runs.Events;
using Copilot.Web.Identity.Administration;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Comments;
using Copilot.Web.Storage.Erasure;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Runs.Comments;

/// <summary>Writes one person's comments on one run, in a transaction that somebody else commits. That they may see the run was checked before.</summary>
internal sealed class CommentWriter(CopilotDbContext db, ChangedBy by, CommentedRun run, TimeProvider time)
{
    /// <summary>The run.</summary>
    public CommentedRun Run => run;

    /// <summary>A comment of the run; null where there is none.</summary>
    public Task<CommentRow?> FindAsync(string commentId, CancellationToken cancellationToken) => db.Comments.SingleOrDefaultAsync(
        row => row.Id == commentId && row.RunId == run.RunId && (row.DeletedAt == null || row.ReplyTo == null), cancellationToken);

    /// <summary>A comment that the person may change, or why they may not: they see it, so they get an answer that says so.</summary>
    public async Task<(CommentRow? Comment, CommentChange? Refused)> FindOwnAsync(string commentId, CancellationToken cancellationToken)
    {
        var comment = await FindAsync(commentId, cancellationToken);
        return comment is not { DeletedAt: null } ? (null, CommentChange.Refused(RefusalCode.NotFound, CommentText.NoSuchComment))
            : comment.AuthorId != by.UserId ? (null, CommentChange.Refused(RefusalCode.Forbidden, CommentText.NotYours))
            : await IsHeldAsync(by.UserId, cancellationToken) ? (null, CommentChange.Refused(RefusalCode.Conflict, CommentText.Held))
            : (comment, null);
    }

    /// <summary>Inserts a comment, unless the client's id was used before.</summary>
    /// <param name="seq">Seq of the moment.</param>
    /// <param name="replyTo">The marker that it replies to; null for a marker.</param>
    /// <param name="text">Its text, checked.</param>
    /// <param name="clientId">Made by the client, or null.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<CommentChange> InsertAsync(long seq, string? replyTo, string text, string? clientId, CancellationToken cancellationToken)
    {
        var id = clientId is null ? RunIds.New("cmt_", time) : IdOf(clientId);
        if (clientId is not null && await db.Comments.AnyAsync(row => row.Id == id, cancellationToken))
        {
            return new CommentChange(CommandResult.Done, id);
        }

        if (await db.Comments.CountAsync(row => row.RunId == run.RunId, cancellationToken) >= RunComments.MaxComments)
        {
            return CommentChange.Refused(RefusalCode.Conflict, CommentText.TooMany);
        }

        var comment = new CommentRow
        {
            Id = id,
            RunId = run.RunId,
            ReplyTo = replyTo,
            Seq = seq,
            AuthorId = by.UserId!,
            Text = text,
            CreatedAt = UnixMicroseconds.From(time.GetUtcNow()),
        };
        db.Comments.Add(comment);
        await MentionAsync(comment, cancellationToken);
        return await SaveAsync(comment, replyTo is null ? string.Create(CultureInfo.InvariantCulture, $"marker at event {seq}") : "reply", cancellationToken);
    }

    /// <summary>Brings the mentions up to date with the text. Who was mentioned before stays as they are: read is read. Nobody mentions themselves.</summary>
    public async Task MentionAsync(CommentRow comment, CancellationToken cancellationToken)
    {
        var before = await db.CommentMentions.Where(row => row.CommentId == comment.Id).ToListAsync(cancellationToken);
        var people = comment.Text.Contains('@', StringComparison.Ordinal) ? await CommentAccess.PeopleAsync(db, run, cancellationToken) : [];
        var now = MentionText.Find(comment.Text, people).Select(person => person.Id).Where(id => id != by.UserId).ToHashSet();
        db.CommentMentions.RemoveRange(before.Where(row => !now.Contains(row.UserId)));
        db.CommentMentions.AddRange(now.Except(before.Select(row => row.UserId)).Select(id => new CommentMentionRow { CommentId = comment.Id, UserId = id }));
    }

    /// <summary>Removes a comment.</summary>
    public Task EraseAsync(CommentRow comment, CancellationToken cancellationToken) =>
        CommentEraser.EraseAsync(db, comment, UnixMicroseconds.From(time.GetUtcNow()), cancellationToken);

    /// <summary>Saves what was changed; on a run of somebody else with an entry of the access log.</summary>
    /// <param name="comment">The comment that it is about.</param>
    /// <param name="what">What was done, as the entry says it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<CommentChange> SaveAsync(CommentRow comment, string what, CancellationToken cancellationToken)
    {
        if (run.UserId != by.UserId)
        {
            db.Record(
                new AccessEntry
                {
                    Action = AccessActions.Commented,
                    ActorId = by.UserId,
                    ActorName = by.Name,
                    ActorRole = run.Role,
                    KeyId = by.KeyId,
                    Address = by.Origin,
                    ObjectId = run.RunId,
                    OwnerId = run.UserId,
                    After = what,
                },
                time.GetUtcNow());
        }

        await db.SaveChangesAsync(cancellationToken);
        return new CommentChange(CommandResult.Done, comment.Id);
    }

    private async Task<bool> IsHeldAsync(string authorId, CancellationToken cancellationToken) =>
        await EfRetentionStore.IsHeldAsync(db, run.SessionId, cancellationToken)
        || await db.LegalHolds.AnyAsync(hold => hold.LiftedAt == null && hold.UserId == authorId, cancellationToken);

    // Of the author and the run, so that nobody meets somebody else's.
    private string IdOf(string clientId) =>
        "cmt_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{by.UserId}\n{run.RunId}\n{clientId}")))[..32];
}
