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

public sealed class RunRecorderTests
{
    [Fact]
    public async Task RecordTogether_SeveralEvents_AreOneAppend()
    {
        await using var database = await TestDatabase.CreateAsync();
        var store = new ScriptedStore(database.Events);
        await using var writer = new RunEventWriter(store, new RunLogs(), new RunDirectory(), new StoreAvailability(), TimeProvider.System, NullLogger<RunEventWriter>.Instance);
        var appends = new List<int>();
        store.BeforeCommit = (batch, _) =>
        {
            appends.Add(batch.Sum(append => append.Events.Count));
            return Task.CompletedTask;
        };
        var recorder = new RunRecorder("run_1", "usr_1", writer, TimeProvider.System, keptUpstream: false, new ByteBudget(1_000_000)) { OnFailed = _ => { } };
        var request = RunHost.Request("Hello", "ses_1");
        recorder.RecordFirst(() =>
        {
            recorder.RecordBy(RunHost.Owner, new RunCreation { SessionId = "ses_1", Owner = request.Owner, Agent = request.Agent, Metadata = request.Metadata }.ToEvent());
            recorder.RecordBy(RunHost.Owner, UserMessage.Of("Hello", "msg_1", []));
        });
        await recorder.Committed.Soon("the first commit");

        recorder.RecordTogether(() =>
        {
            recorder.Record(new ToolStarted("one", TimeSpan.Zero), "call_1");
            recorder.Record(new ToolStarted("two", TimeSpan.Zero), "call_2");
        });
        await recorder.Committed.Soon("the second commit");

        Assert.Equal([2, 2], appends);
    }
}
