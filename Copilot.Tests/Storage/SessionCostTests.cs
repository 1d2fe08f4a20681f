using Copilot.Domain.Costs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Storage;

public sealed class SessionCostTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async ValueTask DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task CostsAsync_BranchesAndARunningRun_AreSummed()
    {
        await AddAsync("run_a", "ses_1", parent: null, 1_000);
        await AddAsync("run_b", "ses_1", parent: "run_a", 20_000);
        // A sibling of b: another version of the answer.
        var sibling = await AddAsync("run_c", "ses_1", parent: "run_a", 300_000);
        await AddAsync("run_other", "ses_2", parent: null, 4_000_000);

        Assert.Equal([new CostTotal("EUR", 321_000, 0)], await CostsAsync("ses_1"));

        var known = sibling.All.Count;
        sibling.Own(RunEventTypes.CostRecorded, Cost(50));
        await _database.Events.AppendAsync([new RunAppend(sibling.Summary, [.. sibling.All.Skip(known)])], CancellationToken.None);

        Assert.Equal([new CostTotal("EUR", 321_050, 0)], await CostsAsync("ses_1"));
        Assert.Empty(await CostsAsync("ses_none"));
    }

    [Fact]
    public async Task CostsAsync_SomeUnknown_ReportsHowMany()
    {
        await AddAsync("run_a", "ses_1", parent: null, 1_000);
        await AddAsync("run_b", "ses_1", parent: "run_a", cost: null);

        var total = Assert.Single(await CostsAsync("ses_1"));

        Assert.Equal(new CostTotal("EUR", 1_000, 1), total);
        Assert.True(total.IsPartial);
        Assert.False(total.IsUnknown);
    }

    [Fact]
    public async Task CostsAsync_NothingKnown_IsUnknown()
    {
        await AddAsync("run_a", "ses_1", parent: null, cost: null);

        var total = Assert.Single(await CostsAsync("ses_1"));

        Assert.Null(total.Currency);
        Assert.True(total.IsUnknown);
    }

    [Fact]
    public async Task CostsAsync_TwoCurrencies_AreNotMixed()
    {
        await AddAsync("run_a", "ses_1", parent: null, 1_000, "USD");
        await AddAsync("run_b", "ses_1", parent: "run_a", 2_000);

        Assert.Equal([new CostTotal("EUR", 2_000, 0), new CostTotal("USD", 1_000, 0)], await CostsAsync("ses_1"));
    }

    private static string Cost(long micros, string currency = "EUR") =>
        $$"""{"of":"response","response_id":"resp_1","model":"m","currency":"{{currency}}","amount_micros":{{micros}}}""";

    private Task<IReadOnlyList<CostTotal>> CostsAsync(string sessionId) => _database.Sessions.CostsAsync(sessionId, CancellationToken.None);

    private async Task<RunEvents> AddAsync(string runId, string sessionId, string? parent, long? cost, string currency = "EUR")
    {
        var events = new RunEvents(runId);
        var parentJson = parent is null ? "null" : $"\"{parent}\"";
        events.Own(RunEventTypes.RunCreated, $$"""{"session_id":"{{sessionId}}","user_id":"usr_1","team_id":"team_default","parent_run_id":{{parentJson}}}""");
        events.Own(RunEventTypes.AttemptSent, "{}");
        events.Upstream(Frames.Created("resp_1"));
        events.Upstream(Frames.Completed("resp_1"));
        if (cost is { } micros)
        {
            events.Own(RunEventTypes.CostRecorded, Cost(micros, currency));
        }

        await _database.Events.AppendAsync([new RunAppend(events.Summary, events.All)], CancellationToken.None);
        return events;
    }
}
