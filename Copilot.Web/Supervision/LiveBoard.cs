using System.Collections.Immutable;
using Copilot.Domain.Concurrency;
using Copilot.Domain.Runs.Log;
using Copilot.Web.Storage;
using Copilot.Web.Supervision.Help;
using Copilot.Web.Supervision.Rules;

namespace Copilot.Web.Supervision;

/// <summary>
/// Every run that is live or has just ended, assessed: made once for all who look. Follows the directory; changed runs are assessed at
/// most five times a second, and once a second those for which time alone tells something new.
/// </summary>
internal sealed partial class LiveBoard(
    IRunDirectory directory,
    IRunEventStore store,
    IRunPresence presence,
    HelpRequests help,
    RulesInForce rules,
    LiveRows rows,
    TimeProvider time,
    ILogger<LiveBoard> logger) : BackgroundService
{
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_tick = TimeSpan.FromSeconds(1);

    private readonly AsyncSignal _changed = new();
    private LiveSnapshot _current = LiveSnapshot.Empty;

    /// <summary>The board now.</summary>
    public LiveSnapshot Current => Volatile.Read(ref _current);

    /// <summary>Completes at the next change. Take it before looking at <see cref="Current"/>.</summary>
    public Task Changed => _changed.Next;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await FollowAsync(stoppingToken);
                return;
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // A wall that stands still would be believed.
                LogBroken(exception);
                await Task.Delay(s_tick, time, stoppingToken);
            }
        }
    }

    private async Task FollowAsync(CancellationToken stoppingToken)
    {
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        await using var changes = directory.FollowAsync(RunScope.Everyone, reading.Token).GetAsyncEnumerator(reading.Token);
        var next = changes.MoveNextAsync().AsTask();
        using var timer = new PeriodicTimer(s_tick, time);
        var tick = timer.WaitForNextTickAsync(stoppingToken).AsTask();
        try
        {
            await AddInterruptedAsync(stoppingToken);
            while (true)
            {
                var seen = presence.Changed;
                var asked = help.Changed;
                var ruled = rules.Changed;
                rows.ApplyPeople();
                if (next.IsCompleted)
                {
                    await next;
                    await rows.ApplyAsync(changes.Current, stoppingToken);
                    next = changes.MoveNextAsync().AsTask();
                }

                if (tick.IsCompleted)
                {
                    await tick;
                    rows.Tick();
                    tick = timer.WaitForNextTickAsync(stoppingToken).AsTask();
                }

                if (Publish())
                {
                    // What comes meanwhile is shown together.
                    await Task.Delay(s_pace, time, stoppingToken);
                }
                else
                {
                    await Task.WhenAny(next, tick, seen, asked, ruled);
                }
            }
        }
        finally
        {
            // An iterator that is still moving must not be disposed.
            await reading.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Those that wait for a person since before this process began; nobody reports them.</summary>
    private async Task AddInterruptedAsync(CancellationToken cancellationToken)
    {
        try
        {
            var since = time.GetUtcNow() - LiveRows.InterruptedLifetime;
            var interrupted = await store.ReadInterruptedAsync(cancellationToken);
            await rows.ApplyAsync([.. interrupted.Where(run => run.LastEventAt > since)], cancellationToken);
        }
        catch (Exception exception) when (StorageFailure.Is(exception))
        {
            LogNotRead(exception);
        }
    }

    private bool Publish()
    {
        if (rows.TakeChanged() is not { } changed)
        {
            return false;
        }

        Volatile.Write(ref _current, new LiveSnapshot(_current.Version + 1, ImmutableArray.Create(changed)));
        _changed.Set();
        return true;
    }

    [LoggerMessage(LogLevel.Error, "Following the live runs failed; beginning again")]
    private partial void LogBroken(Exception exception);

    [LoggerMessage(LogLevel.Warning, "Interrupted runs could not be read: storage is unavailable")]
    private partial void LogNotRead(Exception exception);
}
