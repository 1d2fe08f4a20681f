using Copilot.Web.Storage;
using Copilot.Web.Storage.Comments;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Runs.Comments;

/// <summary>Reads the comments of a run with the names of today. Who may read them was checked before.</summary>
internal static class CommentReader
{
    /// <summary>The markers in the run's order, each with its replies.</summary>
    public static async Task<IReadOnlyList<CommentThread>> ReadAsync(CopilotDbContext db, string runId, CancellationToken cancellationToken)
    {
        var rows = await db.Comments.AsNoTracking().Where(row => row.RunId == runId).OrderBy(row => row.CreatedAt).ThenBy(row => row.Id).ToListAsync(cancellationToken);
        var mentions = await db.CommentMentions.AsNoTracking()
            .Where(mention => db.Comments.Any(row => row.Id == mention.CommentId && row.RunId == runId))
            .ToListAsync(cancellationToken);
        var ids = rows.SelectMany(row => (string?[])[row.AuthorId, row.SettledBy]).OfType<string>().Concat(mentions.Select(one => one.UserId)).Distinct().ToArray();
        var names = await db.Users.AsNoTracking().Where(user => ids.Contains(user.Id)).ToDictionaryAsync(user => user.Id, user => user.DisplayName, cancellationToken);
        var replies = rows.Where(row => row.ReplyTo is not null).ToLookup(row => row.ReplyTo);
        var mentioned = mentions.ToLookup(one => one.CommentId, one => one.UserId);
        return
        [
            .. rows.Where(row => row.ReplyTo is null)
                .OrderBy(row => row.Seq)
                .Select(row => new CommentThread(
                    row.Seq,
                    Comment(row),
                    [.. replies[row.Id].Select(Comment)],
                    row.SettledAt is { } at ? UnixMicroseconds.ToTime(at) : null,
                    row.SettledBy is { } by ? names.GetValueOrDefault(by) : null)),
        ];

        RunComment Comment(CommentRow row) => new()
        {
            Id = row.Id,
            AuthorId = row.AuthorId,
            Author = names.GetValueOrDefault(row.AuthorId),
            Text = row.Text,
            At = UnixMicroseconds.ToTime(row.CreatedAt),
            EditedAt = row.EditedAt is { } edited ? UnixMicroseconds.ToTime(edited) : null,
            IsDeleted = row.DeletedAt is not null,
            Mentions = [.. mentioned[row.Id].Where(names.ContainsKey).Select(id => new CommentPerson(id, names[id]))],
        };
    }
}
