using System.Threading.Channels;
using Copilot.Domain.Runs.Events;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Runs;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Supervision;

/// <summary>
/// Keeps who looked at which run, from when to when: written in the background in batches, so that nobody waits for it. A stay that
/// a crash cut is ended by the next start.
/// </summary>
internal sealed partial class RunWatchLog(
    IDbContextFactory<CopilotDbContext> contexts, TimeProvider time, ILogger<RunWatchLog> logger) : BackgroundService
{
    private const int MaxWaiting = 10_000;
    private const int MaxBatch = 200;

    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(5);

    // Who watches is no reason to run out of memory while storage is away: then the oldest are not kept.
    private readonly Channel<Note> _notes = Channel.CreateBounded<Note>(
        new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    /// <summary>Notes that a person begins to look.</summary>
    /// <returns>What <see cref="End"/> needs.</returns>
    public string Begin(string runId, RunWatcher who)
    {
        var id = RunIds.New("wat_", time);
        _notes.Writer.TryWrite(new Note(id, new RunWatchRow
        {
            Id = id,
            RunId = runId,
            UserId = who.UserId,
            Role = who.Role,
            JoinedAt = UnixMicroseconds.From(who.JoinedAt),
        }, LeftAt: null));
        return id;
    }

    /// <summary>Notes that they have left.</summary>
    public void End(string id, DateTimeOffset at) => _notes.Writer.TryWrite(new Note(id, Row: null, UnixMicroseconds.From(at)));

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _notes.Writer.TryComplete();
        if (ExecuteTask is { } writing)
        {
            // What waits is still written, within the time that the host gives.
            await writing.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await base.StopAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await WriteAsync(EndCutAsync, stoppingToken);
        while (await _notes.Reader.WaitToReadAsync(stoppingToken))
        {
            var batch = new List<Note>();
            while (batch.Count < MaxBatch && _notes.Reader.TryRead(out var note))
            {
                batch.Add(note);
            }

            await WriteAsync((db, token) => SaveAsync(db, batch, token), stoppingToken);
        }
    }

    private async Task WriteAsync(Func<CopilotDbContext, CancellationToken, Task<int>> write, CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await using var db = await contexts.CreateDbContextAsync(stoppingToken);
                await db.WriteAsync(token => write(db, token), stoppingToken);
                return;
            }
            catch (Exception exception) when (StorageFailure.Is(exception))
            {
                LogRetry(exception);
                await Task.Delay(s_retry, time, stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // A run that has gone meanwhile, for example. No failure here may stop the host.
                LogLost(exception);
                return;
            }
        }
    }

    private Task<int> EndCutAsync(CopilotDbContext db, CancellationToken cancellationToken)
    {
        var now = UnixMicroseconds.From(time.GetUtcNow());
        return db.RunWatches.Where(row => row.LeftAt == null).ExecuteUpdateAsync(set => set.SetProperty(row => row.LeftAt, now), cancellationToken);
    }

    private static async Task<int> SaveAsync(CopilotDbContext db, List<Note> batch, CancellationToken cancellationToken)
    {
        var begun = batch.Where(note => note.Row is not null).ToDictionary(note => note.Id, note => note.Row!);
        var ended = batch.Where(note => note.LeftAt is not null).ToList();
        foreach (var note in ended.Where(note => begun.ContainsKey(note.Id)))
        {
            begun[note.Id].LeftAt = note.LeftAt;
        }

        db.RunWatches.AddRange(begun.Values);
        var written = await db.SaveChangesAsync(cancellationToken);
        foreach (var note in ended.Where(note => !begun.ContainsKey(note.Id)))
        {
            written += await db.RunWatches.Where(row => row.Id == note.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.LeftAt, note.LeftAt), cancellationToken);
        }

        return written;
    }

    [LoggerMessage(LogLevel.Warning, "Who looks at runs could not be saved; trying again")]
    private partial void LogRetry(Exception exception);

    [LoggerMessage(LogLevel.Warning, "Who looked at some runs could not be saved")]
    private partial void LogLost(Exception exception);

    /// <param name="Id">The stay.</param>
    /// <param name="Row">Its beginning, or null.</param>
    /// <param name="LeftAt">Its end, or null.</param>
    private sealed record Note(string Id, RunWatchRow? Row, long? LeftAt);
}
