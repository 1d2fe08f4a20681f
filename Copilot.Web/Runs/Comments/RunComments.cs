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

/// <summary>
/// Markers with comments at moments of a run, and replies to them. They stand beside the log: whoever may see the run sees them all,
/// writes, settles and reopens; only who wrote one edits or deletes it. For anybody else there is no such run.
/// </summary>
internal sealed partial class RunComments(
    IDbContextFactory<CopilotDbContext> contexts, CommentAccess access, CommentChanges changes, TimeProvider time, ILogger<RunComments> logger)
{
    /// <summary>Longest comment, in UTF-16 units.</summary>
    public const int MaxText = 2_000;

    /// <summary>Most comments of a run, replies included.</summary>
    public const int MaxComments = 1_000;

    /// <summary>The markers of a run in its order; null for who may not see the run.</summary>
    public async Task<IReadOnlyList<CommentThread>?> ReadAsync(string userId, string runId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await access.FindAsync(db, userId, runId, cancellationToken) is null ? null : await CommentReader.ReadAsync(db, runId, cancellationToken);
    }

    /// <summary>Whose run it is; null for who may not see it.</summary>
    public async Task<CommentedRun?> FindRunAsync(string userId, string runId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await access.FindAsync(db, userId, runId, cancellationToken);
    }

    /// <summary>
    /// Who can be mentioned in comments on a run: everybody who may see it. Empty for who may not, and while that cannot be read: nobody is
    /// offered then, and a comment can be written all the same.
    /// </summary>
    public async Task<IReadOnlyList<CommentPerson>> PeopleAsync(string userId, string runId, CancellationToken cancellationToken)
    {
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            return await access.FindAsync(db, userId, runId, cancellationToken) is { } run ? await CommentAccess.PeopleAsync(db, run, cancellationToken) : [];
        }
        catch (Exception exception) when (StorageFailure.Is(exception))
        {
            LogNotOffered(exception, runId);
            return [];
        }
    }

    /// <summary>Sets a marker.</summary>
    /// <param name="by">Who.</param>
    /// <param name="runId">The run.</param>
    /// <param name="seq">Seq of the moment; null for its newest.</param>
    /// <param name="text">1 to <see cref="MaxText"/> characters of plain text.</param>
    /// <param name="cancellationToken">Stops it before the commit.</param>
    public Task<CommentChange> AddAsync(ChangedBy by, string runId, long? seq, string text, CancellationToken cancellationToken) =>
        AddAsync(by, runId, seq, text, clientId: null, cancellationToken);

    /// <summary>The same with an id that the client has made: of one person the same twice on a run is one comment. Null makes one each time.</summary>
    public Task<CommentChange> AddAsync(ChangedBy by, string runId, long? seq, string text, string? clientId, CancellationToken cancellationToken) => WriteAsync(
        by,
        runId,
        text,
        (db, run, words, token) =>
        {
            var place = seq ?? run.HeadSeq;
            return place < 1 || place > run.HeadSeq
                ? Task.FromResult(CommentChange.Refused(RefusalCode.Invalid, CommentText.MomentInvalid, "seq"))
                : InsertAsync(db, by, run, place, replyTo: null, words, clientId, token);
        },
        cancellationToken);

    /// <summary>Replies to a marker; a reply to a reply belongs to its marker.</summary>
    public Task<CommentChange> ReplyAsync(ChangedBy by, string runId, string commentId, string text, CancellationToken cancellationToken) =>
        ReplyAsync(by, runId, commentId, text, clientId: null, cancellationToken);

    /// <summary>The same with an id that the client has made.</summary>
    public Task<CommentChange> ReplyAsync(ChangedBy by, string runId, string commentId, string text, string? clientId, CancellationToken cancellationToken) => WriteAsync(
        by,
        runId,
        text,
        async (db, run, words, token) => await CommentAsync(db, runId, commentId, token) is { } comment
            ? await InsertAsync(db, by, run, comment.Seq, comment.ReplyTo ?? comment.Id, words, clientId, token)
            : CommentChange.Refused(RefusalCode.NotFound, CommentText.NoSuchComment),
        cancellationToken);

    /// <summary>Changes the text of one's own comment.</summary>
    public Task<CommentChange> EditAsync(ChangedBy by, string runId, string commentId, string text, CancellationToken cancellationToken) => WriteAsync(
        by,
        runId,
        text,
        async (db, run, words, token) =>
        {
            var (comment, refused) = await OwnAsync(db, by, run, commentId, token);
            if (comment is null)
            {
                return refused!;
            }

            if (comment.Text != words)
            {
                (comment.Text, comment.EditedAt) = (words, UnixMicroseconds.From(time.GetUtcNow()));
                await MentionAsync(db, by, run, comment, token);
                Record(db, by, run, "edited");
                await db.SaveChangesAsync(token);
            }

            return new CommentChange(CommandResult.Done, comment.Id);
        },
        cancellationToken);

    /// <summary>Deletes one's own comment. A marker with replies leaves its place.</summary>
    public Task<CommentChange> DeleteAsync(ChangedBy by, string runId, string commentId, CancellationToken cancellationToken) => ChangeAsync(
        by,
        runId,
        async (db, run, token) =>
        {
            var (comment, refused) = await OwnAsync(db, by, run, commentId, token);
            if (comment is null)
            {
                return refused!;
            }

            Record(db, by, run, "deleted");
            await CommentEraser.EraseAsync(db, comment, UnixMicroseconds.From(time.GetUtcNow()), token);
            await db.SaveChangesAsync(token);
            return new CommentChange(CommandResult.Done, commentId);
        },
        cancellationToken);

    /// <summary>Settles a marker, or opens it again. Done twice it is done once.</summary>
    public Task<CommentChange> SettleAsync(ChangedBy by, string runId, string commentId, bool isSettled, CancellationToken cancellationToken) => ChangeAsync(
        by,
        runId,
        async (db, run, token) =>
        {
            if (await CommentAsync(db, runId, commentId, token) is not { } comment)
            {
                return CommentChange.Refused(RefusalCode.NotFound, CommentText.NoSuchComment);
            }

            if (comment.ReplyTo is not null)
            {
                return CommentChange.Refused(RefusalCode.Conflict, CommentText.NoMarker);
            }

            if (comment.SettledAt is not null != isSettled)
            {
                comment.SettledAt = isSettled ? UnixMicroseconds.From(time.GetUtcNow()) : null;
                comment.SettledBy = isSettled ? by.UserId : null;
                Record(db, by, run, isSettled ? "settled" : "reopened");
                await db.SaveChangesAsync(token);
            }

            return new CommentChange(CommandResult.Done, commentId);
        },
        cancellationToken);

    private static Task<CommentRow?> CommentAsync(CopilotDbContext db, string runId, string commentId, CancellationToken cancellationToken) =>
        db.Comments.SingleOrDefaultAsync(row => row.Id == commentId && row.RunId == runId && (row.DeletedAt == null || row.ReplyTo == null), cancellationToken);

    // Who may not change it gets an answer that says so, as for what is held: they see it.
    private static async Task<(CommentRow? Comment, CommentChange? Refused)> OwnAsync(
        CopilotDbContext db, ChangedBy by, CommentedRun run, string commentId, CancellationToken cancellationToken)
    {
        var comment = await CommentAsync(db, run.RunId, commentId, cancellationToken);
        return comment is not { DeletedAt: null } ? (null, CommentChange.Refused(RefusalCode.NotFound, CommentText.NoSuchComment))
            : comment.AuthorId != by.UserId ? (null, CommentChange.Refused(RefusalCode.Forbidden, CommentText.NotYours))
            : await IsHeldAsync(db, run, by.UserId, cancellationToken) ? (null, CommentChange.Refused(RefusalCode.Conflict, CommentText.Held))
            : (comment, null);
    }

    private static async Task<bool> IsHeldAsync(CopilotDbContext db, CommentedRun run, string authorId, CancellationToken cancellationToken) =>
        await EfRetentionStore.IsHeldAsync(db, run.SessionId, cancellationToken)
        || await db.LegalHolds.AnyAsync(hold => hold.LiftedAt == null && hold.UserId == authorId, cancellationToken);

    private Task<CommentChange> WriteAsync(
        ChangedBy by,
        string runId,
        string text,
        Func<CopilotDbContext, CommentedRun, string, CancellationToken, Task<CommentChange>> write,
        CancellationToken cancellationToken) => ChangeAsync(
        by,
        runId,
        async (db, run, token) =>
        {
            var words = text.ReplaceLineEndings("\n").Trim();
            return words.Length switch
            {
                0 => CommentChange.Refused(RefusalCode.Invalid, CommentText.TextMissing, "text"),
                > MaxText => CommentChange.Refused(RefusalCode.Invalid, CommentText.TooLong(words.Length), "text"),
                // Looked at in the transaction: an erasure that is done finds no new comment behind it.
                _ when run.IsErased => CommentChange.Refused(RefusalCode.Conflict, CommentText.ContentDeleted),
                _ => await write(db, run, words, token),
            };
        },
        cancellationToken);

    private async Task<CommentChange> ChangeAsync(
        ChangedBy by, string runId, Func<CopilotDbContext, CommentedRun, CancellationToken, Task<CommentChange>> change, CancellationToken cancellationToken)
    {
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            // Who is mentioned, and who was.
            var told = new HashSet<string> { runId };
            db.ChangeTracker.Tracked += (_, tracked) =>
            {
                if (tracked.Entry.Entity is CommentMentionRow mention)
                {
                    told.Add(mention.UserId);
                }
            };
            var done = await db.WriteAsync(
                async token =>
                {
                    if (by.UserId is not { } userId || await access.FindAsync(db, userId, runId, token) is not { } run)
                    {
                        return CommentChange.Refused(RefusalCode.NotFound, CommentText.NoSuchRun);
                    }

                    return await change(db, run, token);
                },
                cancellationToken);
            if (done.Result.Accepted)
            {
                changes.Report(told);
            }

            return done;
        }
        catch (Exception exception) when (StorageFailure.Is(exception))
        {
            LogNotSaved(exception, runId);
            return CommentChange.Refused(RefusalCode.StorageUnavailable, CommentText.NotSaved);
        }
    }

    private async Task<CommentChange> InsertAsync(
        CopilotDbContext db, ChangedBy by, CommentedRun run, long seq, string? replyTo, string text, string? clientId, CancellationToken cancellationToken)
    {
        var id = clientId is null ? RunIds.New("cmt_", time) : IdOf(by, run, clientId);
        if (clientId is not null && await db.Comments.AnyAsync(row => row.Id == id, cancellationToken))
        {
            return new CommentChange(CommandResult.Done, id);
        }

        if (await db.Comments.CountAsync(row => row.RunId == run.RunId, cancellationToken) >= MaxComments)
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
        await MentionAsync(db, by, run, comment, cancellationToken);
        Record(db, by, run, replyTo is null ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"marker at event {seq}") : "reply");
        await db.SaveChangesAsync(cancellationToken);
        return new CommentChange(CommandResult.Done, comment.Id);
    }

    // Of the author and the run, so that nobody meets somebody else's.
    private static string IdOf(ChangedBy by, CommentedRun run, string clientId) =>
        "cmt_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{by.UserId}\n{run.RunId}\n{clientId}")))[..32];

    // Whoever was mentioned before stays as they are: read is read. Nobody mentions themselves.
    private static async Task MentionAsync(CopilotDbContext db, ChangedBy by, CommentedRun run, CommentRow comment, CancellationToken cancellationToken)
    {
        var before = await db.CommentMentions.Where(row => row.CommentId == comment.Id).ToListAsync(cancellationToken);
        var people = comment.Text.Contains('@', StringComparison.Ordinal) ? await CommentAccess.PeopleAsync(db, run, cancellationToken) : [];
        var now = MentionText.Find(comment.Text, people).Select(person => person.Id).Where(id => id != by.UserId).ToHashSet();
        db.CommentMentions.RemoveRange(before.Where(row => !now.Contains(row.UserId)));
        db.CommentMentions.AddRange(now.Except(before.Select(row => row.UserId)).Select(id => new CommentMentionRow { CommentId = comment.Id, UserId = id }));
    }

    private void Record(CopilotDbContext db, ChangedBy by, CommentedRun run, string what)
    {
        if (run.UserId == by.UserId)
        {
            return;
        }

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

    [LoggerMessage(LogLevel.Warning, "Nobody is offered to be mentioned on run {RunId}: storage is unavailable")]
    private partial void LogNotOffered(Exception exception, string runId);

    [LoggerMessage(LogLevel.Warning, "A comment on run {RunId} was not saved: storage is unavailable")]
    private partial void LogNotSaved(Exception exception, string runId);
}
