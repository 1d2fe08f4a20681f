using Copilot.Web.Identity.Administration;
using Copilot.Web.Security;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Comments;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Runs.Comments;

/// <summary>
/// Markers with comments at moments of a run, and replies to them. They stand beside the log: whoever may see the run sees them all,
/// writes, settles and reopens; only who wrote one edits or deletes it. For anybody else there is no such run.
/// </summary>
internal sealed partial class RunComments(
    IDbContextFactory<CopilotDbContext> contexts, CommentAccess access, CommentChanges changes, RequestLimits limits, TimeProvider time, ILogger<RunComments> logger)
{
    /// <summary>Longest comment, in UTF-16 units.</summary>
    public const int MaxText = 2_000;

    /// <summary>Most comments of a run, replies included.</summary>
    public const int MaxComments = 1_000;

    private const string CommentLimit = "comment_limit";

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
    /// <param name="clientId">Made by the client: of one person the same twice on a run is one comment. Null makes one each time.</param>
    /// <param name="cancellationToken">Stops it before the commit.</param>
    public Task<CommentChange> AddAsync(ChangedBy by, string runId, long? seq, string text, string? clientId, CancellationToken cancellationToken) => WriteAsync(
        by,
        runId,
        text,
        (writer, plain, token) =>
        {
            var moment = seq ?? writer.Run.HeadSeq;
            return moment < 1 || moment > writer.Run.HeadSeq
                ? Task.FromResult(CommentChange.Refused(RefusalCode.Invalid, CommentText.MomentInvalid, "seq"))
                : writer.InsertAsync(moment, replyTo: null, plain, clientId, token);
        },
        cancellationToken);

    /// <summary>Replies to a marker; a reply to a reply belongs to its marker.</summary>
    /// <param name="by">Who.</param>
    /// <param name="runId">The run.</param>
    /// <param name="commentId">The marker, or one of its replies.</param>
    /// <param name="text">1 to <see cref="MaxText"/> characters of plain text.</param>
    /// <param name="clientId">As for a marker.</param>
    /// <param name="cancellationToken">Stops it before the commit.</param>
    public Task<CommentChange> ReplyAsync(ChangedBy by, string runId, string commentId, string text, string? clientId, CancellationToken cancellationToken) => WriteAsync(
        by,
        runId,
        text,
        async (writer, plain, token) => await writer.FindAsync(commentId, token) is { } comment
            ? await writer.InsertAsync(comment.Seq, comment.ReplyTo ?? comment.Id, plain, clientId, token)
            : CommentChange.Refused(RefusalCode.NotFound, CommentText.NoSuchComment),
        cancellationToken);

    /// <summary>Changes the text of one's own comment.</summary>
    public Task<CommentChange> EditAsync(ChangedBy by, string runId, string commentId, string text, CancellationToken cancellationToken) => WriteAsync(
        by,
        runId,
        text,
        async (writer, plain, token) =>
        {
            var (comment, refused) = await writer.FindOwnAsync(commentId, token);
            if (comment is null)
            {
                return refused!;
            }

            if (comment.Text == plain)
            {
                return new CommentChange(CommandResult.Done, comment.Id);
            }

            (comment.Text, comment.EditedAt) = (plain, UnixMicroseconds.From(time.GetUtcNow()));
            await writer.MentionAsync(comment, token);
            return await writer.SaveAsync(comment, "edited", token);
        },
        cancellationToken);

    /// <summary>Deletes one's own comment. A marker with replies leaves its place.</summary>
    public Task<CommentChange> DeleteAsync(ChangedBy by, string runId, string commentId, CancellationToken cancellationToken) => ChangeAsync(
        by,
        runId,
        async (writer, token) =>
        {
            var (comment, refused) = await writer.FindOwnAsync(commentId, token);
            if (comment is null)
            {
                return refused!;
            }

            await writer.EraseAsync(comment, token);
            return await writer.SaveAsync(comment, "deleted", token);
        },
        cancellationToken);

    /// <summary>Settles a marker, or opens it again. Done twice it is done once.</summary>
    public Task<CommentChange> SettleAsync(ChangedBy by, string runId, string commentId, bool isSettled, CancellationToken cancellationToken) => ChangeAsync(
        by,
        runId,
        async (writer, token) =>
        {
            if (await writer.FindAsync(commentId, token) is not { } comment)
            {
                return CommentChange.Refused(RefusalCode.NotFound, CommentText.NoSuchComment);
            }

            if (comment.ReplyTo is not null)
            {
                return CommentChange.Refused(RefusalCode.Conflict, CommentText.NoMarker);
            }

            if (comment.SettledAt is not null == isSettled)
            {
                return new CommentChange(CommandResult.Done, commentId);
            }

            comment.SettledAt = isSettled ? UnixMicroseconds.From(time.GetUtcNow()) : null;
            comment.SettledBy = isSettled ? by.UserId : null;
            return await writer.SaveAsync(comment, isSettled ? "settled" : "reopened", token);
        },
        cancellationToken);

    private Task<CommentChange> WriteAsync(
        ChangedBy by, string runId, string text, Func<CommentWriter, string, CancellationToken, Task<CommentChange>> write, CancellationToken cancellationToken) => ChangeAsync(
        by,
        runId,
        async (writer, token) =>
        {
            var plain = text.ReplaceLineEndings("\n").Trim();
            return plain.Length switch
            {
                0 => CommentChange.Refused(RefusalCode.Invalid, CommentText.TextMissing, "text"),
                > MaxText => CommentChange.Refused(RefusalCode.Invalid, CommentText.TooLong(plain.Length), "text"),
                // Looked at in the transaction: an erasure that is done finds no new comment behind it.
                _ when writer.Run.IsErased => CommentChange.Refused(RefusalCode.Conflict, CommentText.ContentDeleted),
                _ => await write(writer, plain, token),
            };
        },
        cancellationToken);

    private async Task<CommentChange> ChangeAsync(
        ChangedBy by, string runId, Func<CommentWriter, CancellationToken, Task<CommentChange>> change, CancellationToken cancellationToken)
    {
        if (by.UserId is { } counted && !limits.TryCountComment(counted, out var retryAfter))
        {
            return new CommentChange(CommandResult.TooMany(SecurityText.TooMany(retryAfter), retryAfter, CommentLimit), null);
        }

        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            // Who is mentioned, and who was.
            var concerned = new HashSet<string> { runId };
            db.ChangeTracker.Tracked += (_, tracked) =>
            {
                if (tracked.Entry.Entity is CommentMentionRow mention)
                {
                    concerned.Add(mention.UserId);
                }
            };
            var done = await db.WriteAsync(
                async token => by.UserId is { } userId && await access.FindAsync(db, userId, runId, token) is { } run
                    ? await change(new CommentWriter(db, by, run, time), token)
                    : CommentChange.Refused(RefusalCode.NotFound, CommentText.NoSuchRun),
                cancellationToken);
            if (done.Result.Accepted)
            {
                changes.Report(concerned);
            }

            return done;
        }
        catch (Exception exception) when (StorageFailure.Is(exception))
        {
            LogNotSaved(exception, runId);
            return CommentChange.Refused(RefusalCode.StorageUnavailable, CommentText.NotSaved);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Nobody is offered to be mentioned on run {RunId}: storage is unavailable")]
    private partial void LogNotOffered(Exception exception, string runId);

    [LoggerMessage(LogLevel.Warning, "A comment on run {RunId} was not saved: storage is unavailable")]
    private partial void LogNotSaved(Exception exception, string runId);
}
