using Copilot.Web.Identity;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Comments;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Runs.Comments;

/// <summary>The comments that mention somebody, on the runs that they may see now.</summary>
internal sealed partial class Mentions(
    IDbContextFactory<CopilotDbContext> contexts, PersonStore people, CommentChanges changes, TimeProvider time, ILogger<Mentions> logger)
{
    /// <summary>The largest number that is counted.</summary>
    public const int MaxCount = 99;

    /// <summary>How many somebody has not read, up to <see cref="MaxCount"/>.</summary>
    public async Task<int> CountAsync(string userId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await SeenByAsync(db, userId, cancellationToken) is { } seen ? await seen.Where(one => one.Mention.ReadAt == null).OrderBy(one => one.Comment.Id).Take(MaxCount).CountAsync(cancellationToken) : 0;
    }

    /// <summary>The newest, those that were not read first.</summary>
    public async Task<IReadOnlyList<Mention>> ReadAsync(string userId, int limit, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await SeenByAsync(db, userId, cancellationToken) is not { } seen)
        {
            return [];
        }

        var rows = await seen
            .OrderBy(one => one.Mention.ReadAt != null)
            .ThenByDescending(one => one.Comment.CreatedAt)
            .ThenByDescending(one => one.Comment.Id)
            .Take(limit)
            .Select(one => new
            {
                one.Comment,
                one.Mention.ReadAt,
                OwnerId = one.Run.UserId,
                Author = db.Users.Where(user => user.Id == one.Comment.AuthorId).Select(user => user.DisplayName).FirstOrDefault(),
                Owner = db.Users.Where(user => user.Id == one.Run.UserId).Select(user => user.DisplayName).FirstOrDefault(),
            })
            .ToListAsync(cancellationToken);
        return rows.ConvertAll(row => new Mention
        {
            CommentId = row.Comment.Id,
            RunId = row.Comment.RunId,
            Seq = row.Comment.Seq,
            Author = row.Author,
            Owner = row.Owner,
            IsOwn = row.OwnerId == userId,
            Text = row.Comment.Text,
            At = UnixMicroseconds.ToTime(row.Comment.CreatedAt),
            IsRead = row.ReadAt is not null,
        });
    }

    /// <summary>Notes that somebody has read the comments on a run. What cannot be noted now is noted the next time.</summary>
    public async Task MarkReadAsync(string userId, string runId, CancellationToken cancellationToken)
    {
        try
        {
            await NoteReadAsync(userId, runId, cancellationToken);
        }
        catch (Exception exception) when (StorageFailure.Is(exception))
        {
            LogNotNoted(exception, runId);
        }
    }

    private async Task NoteReadAsync(string userId, string runId, CancellationToken cancellationToken)
    {
        var now = UnixMicroseconds.From(time.GetUtcNow());
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var unread = db.CommentMentions.Where(row => row.UserId == userId && row.ReadAt == null && db.Comments.Any(one => one.Id == row.CommentId && one.RunId == runId));
        // Mostly there are none, and then nobody waits for the lock.
        if (await unread.AnyAsync(cancellationToken))
        {
            await db.WriteAsync(token => unread.ExecuteUpdateAsync(set => set.SetProperty(row => row.ReadAt, now), token), cancellationToken);
            changes.Report([userId]);
        }
    }

    private async Task<IQueryable<Found>?> SeenByAsync(CopilotDbContext db, string userId, CancellationToken cancellationToken) =>
        await people.FindAsync(userId, cancellationToken) is not { IsLocked: false, Role: { } role } person ? null
            : from mention in db.CommentMentions.AsNoTracking()
              where mention.UserId == userId
              join comment in db.Comments on mention.CommentId equals comment.Id
              join run in db.Runs on comment.RunId equals run.Id
              where db.Sessions.Any(session => session.Id == run.SessionId && session.DeletedAt == null)
              where run.UserId == userId || role == Roles.Admin || (role == Roles.Supervisor && run.TeamId == person.TeamId)
              select new Found { Mention = mention, Comment = comment, Run = run };

    [LoggerMessage(LogLevel.Warning, "It was not saved that the comments on run {RunId} were read")]
    private partial void LogNotNoted(Exception exception, string runId);

    private sealed class Found
    {
        public required CommentMentionRow Mention { get; init; }

        public required CommentRow Comment { get; init; }

        public required RunRow Run { get; init; }
    }
}
