using Copilot.Domain.Runs.Actor;
using Copilot.Domain.Runs.Actor.Sending;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Microsoft.Extensions.Logging.Abstractions;

namespace Copilot.Tests.Runs.Actor;

public sealed class RunRecorderTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private ScriptedStore _store = null!;
    private RunEventWriter _writer = null!;
    private RunRecorder _recorder = null!;

    private IEnumerable<int> Appends => _store.Commits.SelectMany(appends => appends).Select(append => append.Events.Count);

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _store = new ScriptedStore(_database.Events);
        _writer = new RunEventWriter(_store, new RunLogs(), new RunDirectory(), new StoreAvailability(), TimeProvider.System, NullLogger<RunEventWriter>.Instance);
        _recorder = new RunRecorder("run_1", "usr_1", _writer, TimeProvider.System, upstreamStores: false, new ByteBudget(1_000_000)) { OnFailed = _ => { } };
        var request = RunHost.Request("Hello", "ses_1");
        _recorder.RecordFirst(() =>
        {
            _recorder.RecordBy(RunHost.Owner, new RunCreation { SessionId = "ses_1", Owner = request.Owner, Agent = request.Agent, Metadata = request.Metadata }.ToEvent());
            _recorder.RecordBy(RunHost.Owner, UserMessage.Of("Hello", "msg_1", []));
        });
        await _recorder.CommitAsync().Soon("the first commit");
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _writer.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Record_SeveralEventsBeforeThePause_AreOneAppend()
    {
        _recorder.Record(new RunStarted());
        _recorder.RecordTogether(() =>
        {
            _recorder.Record(new ToolStarted("one", TimeSpan.Zero), "call_1");
            _recorder.Record(new ToolStarted("two", TimeSpan.Zero), "call_2");
        });
        await _recorder.CommitAsync().Soon("the second commit");

        Assert.Equal([2, 3], Appends);
    }

    [Fact]
    public async Task Record_WithoutAPause_IsHandedOverFromTimeToTime()
    {
        var most = WhenStoreGets(events: 96);
        for (var i = 0; i < 100; i++)
        {
            _recorder.Record(new ToolStarted("one", TimeSpan.Zero), $"call_{i}");
        }

        // Nobody has paused or asked for a commit.
        await most.Soon("all but the last few reach the store");
        await _recorder.CommitAsync().Soon("the rest");
        Assert.Equal(102, Appends.Sum());
    }

    [Fact]
    public async Task RecordTogether_MoreThanWaitsOtherwise_IsOneAppend()
    {
        _recorder.RecordTogether(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                _recorder.Record(new ToolStarted("one", TimeSpan.Zero), $"call_{i}");
            }
        });
        await _recorder.CommitAsync().Soon("the second commit");

        Assert.Equal([2, 100], Appends);
    }

    [Fact]
    public async Task Meanwhile_WorkThatTakesTime_HandsOverBefore()
    {
        var work = new TaskCompletionSource();
        var first = WhenStoreGets(events: 1);
        _recorder.Record(new RunStarted());
        await _recorder.Meanwhile(Task.CompletedTask);
        var waits = _recorder.Meanwhile((Task)work.Task);

        await first.Soon("the event reaches the store");
        work.SetResult();
        await waits;
    }

    private Task WhenStoreGets(int events)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var sum = 0;
        _store.BeforeCommit = (batch, _) =>
        {
            sum += batch.Sum(append => append.Events.Count);
            if (sum >= events)
            {
                reached.TrySetResult();
            }

            return Task.CompletedTask;
        };
        return reached.Task;
    }
}
