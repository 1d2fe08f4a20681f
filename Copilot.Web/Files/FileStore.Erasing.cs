using Copilot.Web.Storage;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Files;

/// <summary>How files go: forgotten with their session, removed when nobody used them, cleared away after a crash.</summary>
internal sealed partial class FileStore
{
    /// <summary>How long an upload waits for its message.</summary>
    public static readonly TimeSpan UnusedLifetime = TimeSpan.FromHours(24);

    private const int Batch = 200;

    /// <summary>
    /// Forgets all files of a session: names and contents go, the row stays as a mark. Conversations go on: the model reads that a
    /// file is no longer available. Doing it again changes nothing.
    /// </summary>
    /// <returns>How many were forgotten.</returns>
    public Task<int> EraseSessionAsync(string sessionId, CancellationToken cancellationToken)
    {
        var now = UnixMicroseconds.From(time.GetUtcNow());
        return DropAsync(
            db => db.Files.Where(row => row.SessionId == sessionId),
            (rows, token) => rows.ExecuteUpdateAsync(
                set => set
                    .SetProperty(row => row.ForgottenAt, now)
                    .SetProperty(row => row.Name, "")
                    .SetProperty(row => row.Sha256, (string?)null),
                token),
            cancellationToken);
    }

    /// <summary>Removes an upload that no message uses, for its uploader. False where there is none.</summary>
    public Task<bool> RemoveUnusedAsync(string fileId, string userId, CancellationToken cancellationToken) =>
        RemoveAsync(db => db.Files.Where(row => row.Id == fileId && row.UserId == userId && row.SessionId == null), cancellationToken);

    /// <summary>Removes the uploads that no message has used for <see cref="UnusedLifetime"/>.</summary>
    public Task RemoveUnusedAsync(CancellationToken cancellationToken)
    {
        var oldest = UnixMicroseconds.From(time.GetUtcNow() - UnusedLifetime);
        return RemoveAsync(db => db.Files.Where(row => row.SessionId == null && row.CreatedAt < oldest), cancellationToken);
    }

    /// <summary>Clears away what a crash has left: bytes without a row, and what was only half received.</summary>
    public async Task RemoveOrphansAsync(CancellationToken cancellationToken)
    {
        foreach (var names in folder.Names().Chunk(Batch))
        {
            await _turn.WaitAsync(cancellationToken);
            try
            {
                await DeleteUnsharedAsync(names, cancellationToken);
            }
            finally
            {
                _turn.Release();
            }
        }
    }

    private async Task<bool> RemoveAsync(Func<CopilotDbContext, IQueryable<FileRow>> which, CancellationToken cancellationToken) =>
        await DropAsync(which, (rows, token) => rows.ExecuteDeleteAsync(token), cancellationToken) > 0;

    // The rows first: bytes without a row are cleared away one day, a row without bytes would promise what is not there.
    private async Task<int> DropAsync(
        Func<CopilotDbContext, IQueryable<FileRow>> which,
        Func<IQueryable<FileRow>, CancellationToken, Task<int>> drop,
        CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var (contents, dropped) = await db.WriteAsync(
                async token =>
                {
                    var rows = which(db).Where(row => row.ForgottenAt == null);
                    var contents = await rows.Where(row => row.Sha256 != null).Select(row => row.Sha256!).Distinct().ToListAsync(token);
                    return (contents, await drop(rows, token));
                },
                cancellationToken);
            await DeleteUnsharedAsync(contents, CancellationToken.None);
            if (dropped > 0)
            {
                LogDropped(dropped);
            }

            return dropped;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task DeleteUnsharedAsync(IReadOnlyCollection<string> contents, CancellationToken cancellationToken)
    {
        if (contents.Count == 0)
        {
            return;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var kept = await db.Files.AsNoTracking()
            .Where(row => row.Sha256 != null && contents.Contains(row.Sha256))
            .Select(row => row.Sha256!)
            .Distinct()
            .ToListAsync(cancellationToken);
        foreach (var content in contents.Except(kept))
        {
            folder.Delete(content);
        }
    }

    [LoggerMessage(LogLevel.Information, "{Count} files were deleted")]
    private partial void LogDropped(int count);
}
