using System.Text.Json;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Runs.Summaries.Supervision;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Storage;
using Copilot.Web.Api.Callbacks;
using Copilot.Web.Options;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Tests.Api;

/// <summary>What counts as something new to tell: each wait for a person and each interruption, once.</summary>
public sealed class CallbackDeliveryTests
{
    private static readonly PendingQuestion s_question = new("call_1", "Which?", [], AllowsText: true, FakeRun.Start, TimeSpan.FromMinutes(1));

    public static TheoryData<string> Waits => ["question", "pause", "take over", "interruption"];

    [Theory]
    [MemberData(nameof(Waits))]
    public async Task Report_SecondOfItsKind_IsToldTooAndTheSameOnlyOnce(string what)
    {
        await using var database = await TestDatabase.CreateAsync();
        var fake = new FakeRun("a");
        await database.Events.AppendAsync([fake.Created("Do it")], CancellationToken.None);
        var callbacks = new RunCallbacks(
            database.Contexts, database.Events, Microsoft.Extensions.Options.Options.Create(new CallbackOptions()), new ManualClock(), new Random(1));
        await callbacks.AddAsync(fake.Summary.RunId, "https://example.com/", CancellationToken.None);

        var told = new List<string?>();
        foreach (var run in new[] { At(fake.Summary, what, 5), At(fake.Summary, what, 5), At(fake.Summary, what, 9) })
        {
            await callbacks.ReportAsync(run, CancellationToken.None);
            var due = await callbacks.ReadDueAsync(10, CancellationToken.None);
            told.Add(due.SingleOrDefault()?.DeliveryId);
            foreach (var row in due)
            {
                await callbacks.SettleAsync(row, delivered: true, CancellationToken.None);
            }
        }

        Assert.NotNull(told[0]);
        Assert.Null(told[1]);
        Assert.NotNull(told[2]);
        Assert.NotEqual(told[0], told[2]);
    }

    private static RunSummary At(RunSummary run, string what, long seq)
    {
        var held = new Intervention("", new EventActor("usr_2", "Supervisor"), FakeRun.Start, seq, Reason: null);
        var waiting = run with { Status = RunStatus.Waiting, HeadSeq = seq + 1 };
        return what switch
        {
            "question" => waiting with { PendingQuestions = [s_question with { CallId = $"call_{seq}" }] },
            "pause" => waiting with { Pause = held },
            "take over" => waiting with { TakeOver = held },
            _ => run with { Status = RunStatus.Interrupted, HeadSeq = seq },
        };
    }
}
