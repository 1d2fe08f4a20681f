using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Identity;
using Copilot.Web.Runs.Finding;
using Copilot.Web.Storage.Runs;
using Copilot.Web.Storage.Search;
using Copilot.Web.Storage.Search.Review;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Storage.Search;

/// <summary>Where a run stands in a list, what is around it, and what somebody has not seen of it.</summary>
public sealed class RunPlaceTests : IAsyncLifetime
{
    private const int Most = 100;

    private PeopleHost _host = null!;
    private string _anna = "";
    private string _ben = "";
    private string _admin = "";

    private FindRuns Find => _host.Services.GetRequiredService<FindRuns>();

    private SeenRuns Seen => _host.Services.GetRequiredService<SeenRuns>();

    public async ValueTask InitializeAsync()
    {
        _host = await PeopleHost.StartAsync(new HostSettings());
        _anna = await _host.CreatePersonAsync("anna", Roles.Staff, "team_default");
        _ben = await _host.CreatePersonAsync("ben", Roles.Staff, "team_default");
        _admin = await _host.CreatePersonAsync("ada", Roles.Admin, "team_default");
        for (var number = 1; number <= 5; number++)
        {
            var run = new FakeRun($"a{number}");
            run.Summary = run.Summary with { UserId = number == 3 ? _ben : _anna, CreatedAt = FakeRun.Start.AddHours(number) };
            var store = _host.Services.GetRequiredService<EfRunEventStore>();
            await store.AppendAsync([run.Created(number % 2 == 0 ? "Where is the pump?" : "Where is the valve?")], CancellationToken.None);
            await store.AppendAsync([run.Completed("Done")], CancellationToken.None);
        }

        await _host.Services.GetRequiredService<RunIndexer>().CatchUpAsync(CancellationToken.None);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Place_InTheListOfAll_IsBetweenItsNeighbours()
    {
        Assert.Equal(new RunPlace(1, 5, 5, null, "run_a4", "run_a4"), await PlaceAsync(_admin, "", "run_a5"));
        Assert.Equal(new RunPlace(3, 5, 5, "run_a4", "run_a2", "run_a2"), await PlaceAsync(_admin, "", "run_a3"));
        Assert.Equal(new RunPlace(5, 5, 5, "run_a2", null, "run_a5"), await PlaceAsync(_admin, "", "run_a1"));
        Assert.Null(await PlaceAsync(_admin, "", "run_none"));
    }

    [Fact]
    public async Task Place_OfStaff_CountsTheirOwnRunsAlone()
    {
        Assert.Equal(new RunPlace(2, 4, 4, "run_a5", "run_a2", "run_a2"), await PlaceAsync(_anna, "", "run_a4"));
        // Of a run that is not theirs nothing is told but what they know of their own.
        Assert.Equal(new RunPlace(null, 4, 4, "run_a4", "run_a2", "run_a2"), await PlaceAsync(_anna, "", "run_a3"));
    }

    [Fact]
    public async Task Place_WithASearchInAnotherOrder_IsAmongWhatWasFound()
    {
        var query = SearchScene.Query("?q=valve") with { IsAscending = true };

        Assert.Equal(new RunPlace(2, 3, 3, "run_a1", "run_a5", "run_a5"), await Find.FindPlaceAsync(_admin, query, "run_a3", Most, CancellationToken.None));
        Assert.Equal(new RunPlace(null, 0, 0, null, null, null), await PlaceAsync(_admin, "?q=%21%21", "run_a3"));
    }

    [Fact]
    public async Task Seen_IsEveryPersonsOwnAndFiltersTheList()
    {
        await Seen.MarkAsync(_admin, "run_a4", CancellationToken.None);
        await Seen.MarkAsync(_admin, "run_a4", CancellationToken.None);
        await Seen.MarkAsync(_admin, "run_none", CancellationToken.None);

        Assert.Equal("run_a4", await NamesAsync(_admin, "?seen=yes"));
        Assert.Equal("run_a5 run_a3 run_a2 run_a1", await NamesAsync(_admin, "?seen=no"));
        Assert.Equal("run_a4", await NamesAsync(_admin, "?seen!=no"));
        Assert.Equal("", await NamesAsync(_anna, "?seen=yes"));
        Assert.Equal(["run_a4"], (await Find.ListAsync(_admin, SearchScene.Query(""), CancellationToken.None))!.Where(run => run.IsSeen).Select(run => run.RunId));
        Assert.Equal(new RunPlace(1, 5, 4, null, "run_a4", "run_a3"), await PlaceAsync(_admin, "", "run_a5"));

        await Seen.UnmarkAsync(_admin, "run_a4", CancellationToken.None);
        Assert.Equal("", await NamesAsync(_admin, "?seen=yes"));
    }

    [Fact]
    public async Task Place_InAListOfWhatWasNotSeen_StaysWhileItIsGoneThrough()
    {
        var before = TimeProvider.System.GetUtcNow();
        var query = SearchScene.Query("?seen=no") with { SeenBefore = before };
        await Seen.MarkAsync(_admin, "run_a5", CancellationToken.None);
        await Seen.MarkAsync(_admin, "run_a4", CancellationToken.None);

        Assert.Equal(new RunPlace(2, 5, 3, "run_a5", "run_a3", "run_a3"), await Find.FindPlaceAsync(_admin, query, "run_a4", Most, CancellationToken.None));
        Assert.Equal(new RunPlace(null, 3, 3, null, "run_a3", "run_a3"), await Find.FindPlaceAsync(_admin, query with { SeenBefore = null }, "run_a4", Most, CancellationToken.None));
    }

    private Task<RunPlace?> PlaceAsync(string userId, string query, string runId) =>
        Find.FindPlaceAsync(userId, SearchScene.Query(query), runId, Most, CancellationToken.None);

    private async Task<string> NamesAsync(string userId, string query) =>
        string.Join(' ', (await Find.ListAsync(userId, SearchScene.Query(query), CancellationToken.None))!.Select(run => run.RunId));
}
