using Copilot.Web.Storage.Sessions;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Storage.Search;
using Copilot.Web.Storage;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Tests.Golden;

/// <summary>A database that the product made in November 2026, with real runs of the demo upstream in it.</summary>
public sealed class GoldenDatabaseTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.OpenAsync(GoldenFiles.ReadBytes("database-2026-11.db"));

    public async ValueTask DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Database_OpenedByTodaysCode_HasItsRunsAndTheySayWhatTheySaid()
    {
        var runs = new List<IReadOnlyList<RunEvent>>();
        foreach (var runId in await RunIdsAsync())
        {
            var events = await _database.Events.ReadAsync(runId, 0, int.MaxValue, CancellationToken.None);
            var stored = await _database.Events.FindAsync(runId, CancellationToken.None);
            var folded = events.Aggregate((RunSummary?)null, RunSummaryFold.Apply)!;

            Assert.NotNull(stored);
            Assert.Equal(GoldenResult.Of(stored.ForgottenAt is { } at ? folded.Erase(at) : folded).Split('\n').Where(IsKept), GoldenResult.Of(stored).Split('\n').Where(IsKept));
            runs.Add(events);

            // What deletion leaves of a summary is more than what deleted events say.
            bool IsKept(string line) => stored.ForgottenAt is null || line.Contains("\"status\"", StringComparison.Ordinal) || line.Contains("\"times\"", StringComparison.Ordinal);
        }

        Assert.Equal(7, runs.Count);
        GoldenFiles.Compare("Results/database-2026-11.json", GoldenResult.Of(runs));
    }

    [Fact]
    public async Task Database_OpenedByTodaysCode_IsMigratedAndListsItsConversations()
    {
        await using var db = await _database.Contexts.CreateDbContextAsync();

        Assert.Empty(await db.Database.GetPendingMigrationsAsync());
        var sessions = await _database.Sessions.ListAsync("usr_1", SessionFilter.All, null, null, 10, CancellationToken.None);
        Assert.Equal(["ses_1", "ses_2", "ses_3", "ses_4"], sessions.Select(session => session.Id).Order(StringComparer.Ordinal));
        var interrupted = Assert.Single(await _database.Events.ReadInterruptedAsync(CancellationToken.None));
        Assert.Equal("Order another pump", interrupted.Input);
        Assert.Equal("orders_place", Assert.Single(interrupted.PendingApprovals).Name);
    }

    [Fact]
    public async Task Database_OpenedByTodaysCode_IsIndexedInTheBackgroundAndSearched()
    {
        var scene = new SearchScene(_database);
        Assert.Equal(7, (await scene.FindAsync(SearchScene.Admin, "")).Count);
        Assert.Empty(await scene.FindAsync(SearchScene.Admin, "?q=pump"));

        await scene.IndexAsync();

        Assert.Equal(0, scene.Indexer.Pending);
        var found = await scene.FindAsync(SearchScene.Admin, "?q=another+pump&tool=orders_place");
        Assert.Equal("Order another pump", Assert.Single(found).Input);
        Assert.Empty(await scene.FindAsync(new("usr_2", null, IsAll: false), "?q=pump"));
    }

    private async Task<IReadOnlyList<string>> RunIdsAsync()
    {
        await using var db = await _database.Contexts.CreateDbContextAsync();
        return await db.Runs.AsNoTracking().OrderBy(run => run.Id).Select(run => run.Id).ToListAsync();
    }
}
