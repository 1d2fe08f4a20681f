using Copilot.Domain.Audit;
using Copilot.Web.Storage;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Audit;

/// <summary>The access log in the database. Entries that come while one transaction is written go into the next one together.</summary>
internal sealed class AccessLog(IDbContextFactory<CopilotDbContext> contexts, TimeProvider time) : IAccessLog, IDisposable
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private List<Waiting> _waiting = [];

    /// <inheritdoc/>
    public async Task RecordAsync(AccessEntry entry, CancellationToken cancellationToken)
    {
        var own = new Waiting(entry, time.GetUtcNow());
        lock (_lock)
        {
            _waiting.Add(own);
        }

        await _turn.WaitAsync(cancellationToken);
        try
        {
            List<Waiting> batch;
            lock (_lock)
            {
                (batch, _waiting) = (_waiting, []);
            }

            if (batch.Count > 0)
            {
                await WriteAsync(batch);
            }
        }
        finally
        {
            _turn.Release();
        }

        // Written by this caller, or by the one before.
        await own.Written.Task;
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    // Others wait for the same transaction: it goes on without the one who happens to write it.
    private async Task WriteAsync(List<Waiting> batch)
    {
        try
        {
            await using var db = await contexts.CreateDbContextAsync(CancellationToken.None);
            await db.WriteAsync(
                token =>
                {
                    batch.ForEach(one => db.Record(one.Entry, one.At));
                    return db.SaveChangesAsync(token);
                },
                CancellationToken.None);
            batch.ForEach(one => one.Written.SetResult());
        }
        catch (Exception exception)
        {
            batch.ForEach(one => one.Written.SetException(new AccessNotRecordedException(exception)));
        }
    }

    private sealed record Waiting(AccessEntry Entry, DateTimeOffset At)
    {
        public TaskCompletionSource Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
