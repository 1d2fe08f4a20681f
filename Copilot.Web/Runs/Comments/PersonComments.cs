using System.Text.Json;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Comments;
using Copilot.Web.Storage.Erasure;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Runs.Comments;

/// <summary>The comments of one person, for whoever may export or erase them; that was checked before.</summary>
internal sealed class PersonComments(IDbContextFactory<CopilotDbContext> contexts, CommentChanges changes, TimeProvider time)
{
    /// <summary>What a person wrote, on whoever's runs, as JSON Lines.</summary>
    public Task<byte[]> ExportAsync(string personId, CancellationToken cancellationToken) =>
        LinesAsync(db => db.Comments.Where(row => row.AuthorId == personId && row.DeletedAt == null), cancellationToken);

    /// <summary>What anybody wrote about the runs of a session, as JSON Lines.</summary>
    public Task<byte[]> ExportSessionAsync(string sessionId, CancellationToken cancellationToken) => LinesAsync(
        db => db.Comments.Where(row => row.DeletedAt == null && db.Runs.Any(run => run.Id == row.RunId && run.SessionId == sessionId)), cancellationToken);

    /// <summary>
    /// Erases what a person wrote about the runs of others; what stands on their own goes with the conversation. At once: nobody else's
    /// words are in it. What a legal hold is on stays.
    /// </summary>
    /// <returns>How many were erased, and how many are held.</returns>
    public async Task<(int Erased, int Held)> EraseAsync(string personId, CancellationToken cancellationToken)
    {
        var told = new HashSet<string>();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.ChangeTracker.Tracked += (_, tracked) =>
        {
            if (tracked.Entry.Entity is CommentMentionRow mention)
            {
                told.Add(mention.UserId);
            }
        };
        var written = await db.Comments.AsNoTracking()
            .Where(row => row.AuthorId == personId && row.DeletedAt == null)
            .Join(db.Runs, row => row.RunId, run => run.Id, (row, run) => new { row.Id, row.RunId, run.SessionId, run.UserId })
            .Where(row => row.UserId != personId)
            .ToListAsync(cancellationToken);
        var (erased, held) = (0, 0);
        foreach (var one in written)
        {
            var isErased = await db.WriteAsync(
                async token =>
                {
                    if (await db.Comments.SingleOrDefaultAsync(row => row.Id == one.Id, token) is not { } comment
                        || await EfRetentionStore.IsHeldAsync(db, one.SessionId, token)
                        || await db.LegalHolds.AnyAsync(hold => hold.LiftedAt == null && hold.UserId == personId, token))
                    {
                        return false;
                    }

                    await CommentEraser.EraseAsync(db, comment, UnixMicroseconds.From(time.GetUtcNow()), token);
                    await db.SaveChangesAsync(token);
                    return true;
                },
                cancellationToken);
            told.Add(one.RunId);
            (erased, held) = isErased ? (erased + 1, held) : (erased, held + 1);
        }

        changes.Report(told);
        return (erased, held);
    }

    private async Task<byte[]> LinesAsync(Func<CopilotDbContext, IQueryable<CommentRow>> which, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await which(db).AsNoTracking()
            .OrderBy(row => row.CreatedAt)
            .ThenBy(row => row.Id)
            .Select(row => new { Comment = row, Author = db.Users.Where(user => user.Id == row.AuthorId).Select(user => user.DisplayName).FirstOrDefault() })
            .ToListAsync(cancellationToken);
        using var bytes = new MemoryStream();
        foreach (var row in rows)
        {
            Write(bytes, row.Comment, row.Author);
            bytes.WriteByte((byte)'\n');
        }

        return bytes.ToArray();
    }

    private static void Write(MemoryStream bytes, CommentRow comment, string? author)
    {
        using var json = new Utf8JsonWriter(bytes);
        json.WriteStartObject();
        json.WriteString("id", comment.Id);
        json.WriteString("run_id", comment.RunId);
        json.WriteNumber("seq", comment.Seq);
        json.WriteString("reply_to", comment.ReplyTo);
        json.WriteString("author_id", comment.AuthorId);
        json.WriteString("author", author);
        json.WriteString("text", comment.Text);
        json.WriteString("created_at", UnixMicroseconds.ToTime(comment.CreatedAt));
        json.WriteString("edited_at", Time(comment.EditedAt));
        json.WriteString("settled_at", Time(comment.SettledAt));
        json.WriteEndObject();
    }

    private static string? Time(long? at) => at is { } microseconds ? UnixMicroseconds.ToTime(microseconds).ToString("O", System.Globalization.CultureInfo.InvariantCulture) : null;
}
