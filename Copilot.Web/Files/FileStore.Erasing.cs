using Copilot.Web.Storage;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Files;

/// <summary>Removal of files: erased with their session, deleted when unused, cleaned up after a crash.</summary>
internal sealed partial class FileStore
{
    /// <summary>How long an upload waits for its message.</summary>
    public static readonly TimeSpan UnusedLifetime = TimeSpan.FromHours(24);

    private const int Batch = 200;

    /// <summary>
    /// Erases all files of a session: names and contents are removed, the row remains as a marker. Conversations continue: the model
    /// reads that a file is no longer available. Repeating it changes nothing.
    /// </summary>
    /// <returns>How many were erased.</returns>
    public Task<int> EraseSessionAsync(string sessionId, CancellationToken cancellationToken)
    {
        var now = UnixMicroseconds.From(time.GetUtcNow());
        return DeleteRowsAsync(
            db => db.Files.Where(row => row.SessionId == sessionId),
            (rows, token) => rows.ExecuteUpdateAsync(
                set => set
                    .SetProperty(row => row.ForgottenAt, now)
                    .SetProperty(row => row.Name, "")
                    .SetProperty(row => row.Sha256, (string?)null),
                token),
            cancellationToken);
    }

    /// <summary>Removes an upload that no message uses, for its uploader. False if there is none.</summary>
    public Task<bool> RemoveUnusedAsync(string fileId, string userId, CancellationToken cancellationToken) =>
        RemoveAsync(db => db.Files.Where(row => row.Id == fileId && row.UserId == userId && row.SessionId == null), cancellationToken);

    /// <summary>Removes the uploads that no message has used for <see cref="UnusedLifetime"/>, except of people under a legal hold.</summary>
    public Task RemoveUnusedAsync(CancellationToken cancellationToken)
    {
        var oldest = UnixMicroseconds.From(time.GetUtcNow() - UnusedLifetime);
        return RemoveAsync(
            db => db.Files.Where(row => row.SessionId == null && row.CreatedAt < oldest
                && !db.LegalHolds.Any(hold => hold.LiftedAt == null && hold.UserId == row.UserId)),
            cancellationToken);
    }

    /// <summary>Deletes what a crash has left: bytes without a row, and incomplete uploads.</summary>
    public async Task RemoveOrphansAsync(CancellationToken cancellationToken)
    {
        foreach (var names in folder.Names().Chunk(Batch))
        {
            await _lock.WaitAsync(cancellationToken);
            try
            {
                await DeleteUnsharedAsync(names, cancellationToken);
            }
            finally
            {
                _lock.Release();
            }
        }
    }

    private async Task<bool> RemoveAsync(Func<CopilotDbContext, IQueryable<FileRow>> which, CancellationToken cancellationToken) =>
        await DeleteRowsAsync(which, (rows, token) => rows.ExecuteDeleteAsync(token), cancellationToken) > 0;

    // The rows first: bytes without a row are cleaned up later, but a row without bytes would be wrong.
    private async Task<int> DeleteRowsAsync(
        Func<CopilotDbContext, IQueryable<FileRow>> which,
        Func<IQueryable<FileRow>, CancellationToken, Task<int>> delete,
        CancellationToken cancellationToken)
    {
        await _lock.WaitAsync(cancellationToken);
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var (contents, deleted) = await db.WriteAsync(
                async token =>
                {
                    var rows = which(db).Where(row => row.ForgottenAt == null);
                    var contents = await rows.Where(row => row.Sha256 != null).Select(row => row.Sha256!).Distinct().ToListAsync(token);
                    return (contents, await delete(rows, token));
                },
                cancellationToken);
            await DeleteUnsharedAsync(contents, CancellationToken.None);
            if (deleted > 0)
            {
                LogDeleted(deleted);
            }

            return deleted;
        }
        finally
        {
            _lock.Release();
        }
    }

    private async Task DeleteUnsharedAsync(IReadOnlyCollection<string> contents, CancellationToken cancellationToken)
    {
        if (contents.Count == 0)
        {
            return;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var shared = await db.Files.AsNoTracking()
            .Where(row => row.Sha256 != null && contents.Contains(row.Sha256))
            .Select(row => row.Sha256!)
            .Distinct()
            .ToListAsync(cancellationToken);
        foreach (var content in contents.Except(shared))
        {
            folder.Delete(content);
        }
    }

    [LoggerMessage(LogLevel.Information, "{Count} files were deleted")]
    private partial void LogDeleted(int count);
}
