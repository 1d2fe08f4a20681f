using Copilot.Domain.Runs.Events;
using Copilot.Web.Storage;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Files;

/// <summary>How much a person may upload without sending it, and have in all.</summary>
internal sealed partial class FileStore
{
    // Under the lock: of two uploads at once, the second counts the first.
    private async Task CheckUnusedAsync(RunOwner owner, long size, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var unused = await db.Files.AsNoTracking()
            .Where(row => row.UserId == owner.UserId && row.SessionId == null)
            .GroupBy(row => row.UserId)
            .Select(rows => new { Count = rows.Count(), Bytes = rows.Sum(row => row.Size), Oldest = rows.Min(row => row.CreatedAt) })
            .SingleOrDefaultAsync(cancellationToken);
        if (unused is null)
        {
            return;
        }

        var retryAfter = UnixMicroseconds.ToTime(unused.Oldest) + UnusedLifetime - time.GetUtcNow();
        if (unused.Count >= limits.Value.MaxUnused)
        {
            throw FileRefusedException.TooManyUnused(limits.Value.MaxUnused, retryAfter);
        }

        if (unused.Bytes + size > limits.Value.MaxUnusedBytes)
        {
            throw FileRefusedException.TooMuchUnused(limits.Value.MaxUnusedBytes, retryAfter);
        }
    }

    private async Task CheckAllAsync(RunOwner owner, long size, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var all = await db.Files.AsNoTracking()
            .Where(row => row.UserId == owner.UserId && row.ForgottenAt == null)
            .GroupBy(row => row.UserId)
            .Select(rows => new { Count = rows.Count(), Bytes = rows.Sum(row => row.Size) })
            .SingleOrDefaultAsync(cancellationToken);
        if (all?.Count >= limits.Value.MaxPerPerson)
        {
            throw FileRefusedException.TooManyInAll(limits.Value.MaxPerPerson);
        }

        if ((all?.Bytes ?? 0) + size > limits.Value.MaxBytesPerPerson)
        {
            throw FileRefusedException.TooMuchInAll(limits.Value.MaxBytesPerPerson);
        }
    }
}
