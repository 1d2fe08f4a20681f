using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Microsoft.Extensions.Logging.Abstractions;

namespace Copilot.Tests.Runs.Log;

/// <summary>The writer of all runs over a store that is away, does not answer, or refuses for good.</summary>
public sealed class RunEventWriterTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private readonly RunLogs _logs = new();
    private readonly RunDirectory _directory = new();
    private readonly StoreAvailability _availability = new();
    private TestDatabase _database = null!;
    private ScriptedStore _store = null!;
    private RunEventWriter _writer = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _store = new ScriptedStore(_database.Events);
        _writer = new RunEventWriter(_store, _logs, _directory, _availability, _clock, NullLogger<RunEventWriter>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task AppendOnceAsync_StoreIsAway_FailsAtOnceAndIsNeverWritten()
    {
        _store.BeforeCommit = (_, _) => throw new StorageUnavailableException("The disk is full.");
        var waits = _writer.AppendAsync(Run("run_1"));
        await _clock.WhenTimersArmedAsync(1).Soon("the writer waits");

        var refused = await Assert.ThrowsAsync<StorageUnavailableException>(() => _writer.AppendOnceAsync(Run("run_2")).Soon("the refusal"));
        _store.BeforeCommit = (_, _) => Task.CompletedTask;
        _clock.Advance(TimeSpan.FromSeconds(1));
        await waits.Soon("the append that waits is committed");

        Assert.Equal("The disk is full.", refused.Message);
        Assert.Equal(["run_1"], _store.Commits.SelectMany(appends => appends).Select(append => append.Summary.RunId));
        Assert.Null(_availability.Problem);
    }

    [Fact]
    public async Task AppendOnceAsync_QueuedBeforeTheProblemWasKnown_FailsWithTheFirst()
    {
        var (entered, fail) = HoldAndFail();
        var waits = _writer.AppendAsync(Run("run_1"));
        await entered.Task.Soon("the first commit is tried");
        var once = _writer.AppendOnceAsync(Run("run_2"));
        fail.SetResult();
        await _clock.WhenTimersArmedAsync(1).Soon("the writer waits");

        _store.BeforeCommit = (_, _) => Task.CompletedTask;
        _clock.Advance(TimeSpan.FromSeconds(1));

        await Assert.ThrowsAsync<StorageUnavailableException>(() => once.Soon("the refusal"));
        await waits.Soon("the append that waits is committed");
        Assert.Null(await _database.Events.FindAsync("run_2", CancellationToken.None));
    }

    [Fact]
    public async Task AppendOnceAsync_NobodyElseTries_TheNextFindsOutAfterAWait()
    {
        _store.BeforeCommit = (_, _) => throw new StorageUnavailableException("The disk is full.");
        await Assert.ThrowsAsync<StorageUnavailableException>(() => _writer.AppendOnceAsync(Run("run_1")).Soon("the refusal"));
        await _clock.WhenTimersArmedAsync(1).Soon("the writer waits");
        Assert.Equal("The disk is full.", _availability.Problem);

        var changed = _availability.Changed;
        _clock.Advance(TimeSpan.FromSeconds(1));
        await changed.Soon("the problem is forgotten");
        _store.BeforeCommit = (_, _) => Task.CompletedTask;

        await _writer.AppendOnceAsync(Run("run_2")).Soon("the commit");
    }

    [Fact]
    public async Task AppendAsync_ErrorThatMayBeLasting_IsTriedTenTimesAndThenFinal()
    {
        var tries = 0;
        _store.BeforeCommit = (_, _) =>
        {
            tries++;
            throw new StorageUnavailableException("The database reports an error (15).") { MayBeLasting = true };
        };
        var append = _writer.AppendAsync(Run("run_1"));
        for (var wait = 1; wait < 10; wait++)
        {
            await _clock.WhenTimersArmedAsync(1).Soon($"the writer waits for the {wait}. time");
            _clock.Advance(TimeSpan.FromSeconds(5));
        }

        await Assert.ThrowsAsync<StorageUnavailableException>(() => append.Soon("the append fails"));
        _store.BeforeCommit = (_, _) => Task.CompletedTask;
        await _writer.AppendAsync(Run("run_2")).Soon("the next run is not concerned");

        Assert.Equal(10, tries);
        Assert.Null(_availability.Problem);
    }

    [Fact]
    public async Task AppendAsync_LogHasAHole_IsReadFromTheStoreAndTheWriterGoesOn()
    {
        var run = Events("run_1");
        using var holder = _logs.Hold("run_1");
        holder.Log.Publish([Events("run_1", more: 3).All[4]]);

        await _writer.AppendAsync(new RunAppend(run.Summary, run.All)).Soon("the commit");

        Assert.Null(holder.Log.Read(0));
        await _writer.AppendAsync(Run("run_2")).Soon("the writer goes on");
    }

    [Fact]
    public async Task DisposeAsync_StoreFailsWhileItIsAwaited_Ends()
    {
        var (entered, fail) = HoldAndFail();
        var append = _writer.AppendAsync(Run("run_1"));
        await entered.Task.Soon("the commit is tried");

        var disposed = _writer.DisposeAsync().AsTask();
        fail.SetResult();

        await disposed.Soon("the writer ends");
        await Assert.ThrowsAnyAsync<Exception>(() => append.Soon("the append fails"));
    }

    [Fact]
    public async Task DisposeAsync_StoreThatDoesNotAnswer_EndsAfterItsTime()
    {
        var entered = new TaskCompletionSource();
        _store.BeforeCommit = async (_, cancellationToken) =>
        {
            entered.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        };
        var append = _writer.AppendAsync(Run("run_1"));
        await entered.Task.Soon("the commit is tried");

        var disposed = _writer.DisposeAsync().AsTask();
        await _clock.WhenTimersArmedAsync(1).Soon("the writer waits for the store");
        _clock.Advance(TimeSpan.FromSeconds(10));

        await disposed.Soon("the writer ends");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => append.Soon("the append fails"));
    }

    // The next commit is tried, and fails when the test says so.
    private (TaskCompletionSource Entered, TaskCompletionSource Fail) HoldAndFail()
    {
        var (entered, fail) = (new TaskCompletionSource(), new TaskCompletionSource());
        _store.BeforeCommit = async (_, _) =>
        {
            entered.TrySetResult();
            await fail.Task;
            throw new StorageUnavailableException("The disk is full.");
        };
        return (entered, fail);
    }

    private static RunAppend Run(string runId)
    {
        var run = Events(runId);
        return new RunAppend(run.Summary, run.All);
    }

    private static RunEvents Events(string runId, int more = 0)
    {
        var run = new RunEvents(runId).Created("ses_" + runId, "usr_1");
        run.Own(RunEventTypes.UserMessage, """{"text":"hello"}""");
        for (var index = 0; index < more; index++)
        {
            run.Own(RunEventTypes.RunStarted, "{}");
        }

        return run;
    }
}
