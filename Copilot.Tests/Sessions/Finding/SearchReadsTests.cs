using Copilot.Domain.Audit;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Tests.Storage;
using Copilot.Web.Identity;
using Copilot.Web.Runs.Finding;
using Copilot.Web.Sessions;
using Copilot.Web.Sessions.Finding;
using Copilot.Web.Storage.Runs;
using Copilot.Web.Storage.Search;
using Copilot.Web.Storage.Search.Review;
using Copilot.Web.Storage.Search.Views;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Copilot.Tests.Sessions.Finding;

/// <summary>Searches that find what others wrote are in the access log, wherever a page tells of them.</summary>
public sealed class SearchReadsTests : IAsyncLifetime
{
    private readonly RecordedAccess _audit = new();
    private PeopleHost _host = null!;
    private UserInfo _admin = null!;
    private UserInfo _staff = null!;

    private FindRuns Find => _host.Services.GetRequiredService<FindRuns>();

    public async ValueTask InitializeAsync()
    {
        _host = await PeopleHost.StartAsync(new HostSettings());
        _admin = await PersonAsync("ada", Roles.Admin);
        _staff = await PersonAsync("ben", Roles.Staff);
        await AddRunAsync("other", _staff, hour: 0);
        for (var number = 1; number <= RunListRequest.Page; number++)
        {
            await AddRunAsync($"own{number}", _admin, hour: number);
        }

        await _host.Services.GetRequiredService<RunIndexer>().CatchUpAsync(CancellationToken.None);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Place_InAListOfASearch_IsRecordedOnce_AndNotForStaff()
    {
        Assert.NotNull(await Queue(_audit).FindAsync(_staff, RunListRequest.Parse("?q=valve"), "run_other", CancellationToken.None));
        var queue = Queue(_audit);
        Assert.NotNull(await queue.FindAsync(_admin, RunListRequest.Parse(""), "run_other", CancellationToken.None));
        Assert.Empty(_audit.Entries);

        // As an address that somebody has written by hand: how many runs have these words is told beside any of them.
        Assert.NotNull(await queue.FindAsync(_admin, RunListRequest.Parse("?q=valve"), "run_other", CancellationToken.None));
        Assert.NotNull(await queue.FindAsync(_admin, RunListRequest.Parse("?q=valve"), "run_own1", CancellationToken.None));

        var entry = Assert.Single(_audit.Entries);
        Assert.Equal(AccessActions.SearchHits, entry.Action);
        Assert.Equal("valve", entry.ObjectId);
        _audit.IsFull = true;
        Assert.Null(await Queue(_audit).FindAsync(_admin, RunListRequest.Parse("?q=valve"), "run_other", CancellationToken.None));
    }

    [Fact]
    public async Task More_ThatFindsWhatOthersWrote_IsRecordedBeforeItIsShown()
    {
        using var list = List(_audit);
        await list.OpenAsync(_admin, RunListRequest.Parse("?q=valve"));
        Assert.Equal(RunListRequest.Page, list.Runs.Count);
        Assert.Empty(_audit.Entries);

        Assert.True(await list.MoreAsync());

        Assert.Equal(RunListRequest.Page + 1, list.Runs.Count);
        Assert.Equal(AccessActions.SearchHits, Assert.Single(_audit.Entries).Action);

        using var unrecorded = List(new RecordedAccess { IsFull = true });
        await unrecorded.OpenAsync(_admin, RunListRequest.Parse("?q=valve"));
        await unrecorded.MoreAsync();
        Assert.Equal(RunListPhase.Failed, unrecorded.Phase);
        Assert.DoesNotContain(unrecorded.Runs, run => run.RunId == "run_other");
    }

    private RunListReview Queue(RecordedAccess audit) => new(
        Find, _host.Services.GetRequiredService<SeenRuns>(), new SearchReads(audit.Page), NullLogger<RunListReview>.Instance);

    private RunList List(RecordedAccess audit) => new(
        Find, _host.Services.GetRequiredService<RunIndexer>(), _host.Services.GetRequiredService<SavedViews>(), new SearchReads(audit.Page), TimeProvider.System, NullLogger<RunList>.Instance);

    private async Task<UserInfo> PersonAsync(string name, string role) =>
        new(await _host.CreatePersonAsync(name, role, "team_default"), name, "team_default", role, TimeZoneInfo.Utc);

    private async Task AddRunAsync(string name, UserInfo owner, int hour)
    {
        var run = new FakeRun(name);
        run.Summary = run.Summary with { UserId = owner.Id, CreatedAt = FakeRun.Start.AddHours(hour) };
        await _host.Services.GetRequiredService<EfRunEventStore>().AppendAsync([run.Created("Where is the valve?"), run.Completed("There")], CancellationToken.None);
    }
}
