using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Tests.Storage;
using Copilot.Web.Identity;
using Copilot.Web.Sessions;
using Copilot.Web.Sessions.Comparing;
using Copilot.Web.Storage.Runs;
using Microsoft.Extensions.Logging.Abstractions;

namespace Copilot.Tests.Sessions.Comparing;

/// <summary>A run and its forks, and what a page is told of them when storage does not answer.</summary>
public sealed class RunFamilyTests : IAsyncLifetime
{
    private static readonly UserInfo s_person = new("usr_1", "usr_1", "team_default", Roles.Staff, TimeZoneInfo.Utc);

    private readonly ScriptedAccess _access = new();
    private TestDatabase _database = null!;
    private ScriptedStore _store = null!;
    private RunSummary _parent = null!;
    private RunSummary _fork = null!;

    private RunFamily Family => new(_store, new RunForks(_database.Contexts), _access, NullLogger<RunFamily>.Instance);

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _store = new ScriptedStore(_database.Events);
        _parent = await AddAsync("a", forkedFrom: null);
        _fork = await AddAsync("b", new ForkSource("run_a", 2, 1, HasMessage: true));
    }

    public async ValueTask DisposeAsync()
    {
        _access.Dispose();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Family_OfARun_IsWhatThePersonMaySee()
    {
        Assert.Equal("run_a", (await Family.FindParentAsync(s_person, _fork, CancellationToken.None))?.RunId);
        Assert.Equal(["run_b"], (await Family.ReadForksAsync(s_person, _parent, CancellationToken.None)).Select(run => run.RunId));
        Assert.Null(await Family.FindParentAsync(s_person with { Id = "usr_2" }, _fork, CancellationToken.None));
        Assert.Empty(await Family.ReadForksAsync(s_person with { Id = "usr_2" }, _parent, CancellationToken.None));
    }

    [Fact]
    public async Task Family_WhileStorageIsAway_IsEmptyAndNoError()
    {
        _store.BeforeFind = _ => throw new StorageUnavailableException("The disk is away.", new IOException());

        Assert.Null(await Family.FindParentAsync(s_person, _fork, CancellationToken.None));
        Assert.Empty(await Family.ReadForksAsync(s_person, _parent, CancellationToken.None));
    }

    private async Task<RunSummary> AddAsync(string name, ForkSource? forkedFrom)
    {
        var run = new FakeRun(name);
        run.Summary = run.Summary with { ForkedFrom = forkedFrom };
        await _store.AppendAsync([run.Created("Where is it?"), run.Completed("There")], CancellationToken.None);
        return run.Summary;
    }
}
