using Copilot.Domain.Audit;
using Copilot.Domain.Runs.Log;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Tests.Storage;
using Copilot.Web.Identity;
using Copilot.Web.Sessions;
using Copilot.Web.Sessions.RunScreen;
using Microsoft.Extensions.Logging.Abstractions;

namespace Copilot.Tests.Sessions.RunScreen;

/// <summary>Who looks at the runs of somebody else's conversation stands in the access log.</summary>
public sealed class SessionRunsAccessTests : IAsyncLifetime
{
    private readonly RecordedAccess _audit = new();
    private readonly ScriptedAccess _access = new() { Allows = (_, _, _) => true };
    private TestDatabase _database = null!;

    private SessionRuns Runs => new(_database.Events, new RunDirectory(), _access, _audit.Page, NullLogger<SessionRuns>.Instance);

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        foreach (var (name, session) in ((string, string)[])[("a1", "ses_a"), ("a2", "ses_a"), ("b1", "ses_b")])
        {
            var run = new FakeRun(name);
            run.Summary = run.Summary with { SessionId = session };
            await _database.Events.AppendAsync([run.Created($"Question {name}"), run.Completed("Done")], CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _access.Dispose();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Find_RunsOfSomebodyElse_IsAnEntryOfTheAccessLogOnce()
    {
        var runs = Runs;
        Assert.Equal(2, (await runs.FindAsync(Person("usr_2"), "ses_a", CancellationToken.None))!.Count);
        Assert.Equal(2, (await runs.FindAsync(Person("usr_2"), "ses_a", CancellationToken.None))!.Count);

        var entry = Assert.Single(_audit.Entries);
        Assert.Equal(AccessActions.SessionRead, entry.Action);
        Assert.Equal("ses_a", entry.ObjectId);
        Assert.Equal("usr_1", entry.OwnerId);
    }

    [Fact]
    public async Task Find_OwnRunsOrNoneBeside_IsNoEntry_AndWhatCannotBeRecordedIsNotShown()
    {
        Assert.Equal(2, (await Runs.FindAsync(Person("usr_1"), "ses_a", CancellationToken.None))!.Count);
        Assert.Single((await Runs.FindAsync(Person("usr_2"), "ses_b", CancellationToken.None))!);
        Assert.Empty(_audit.Entries);

        _audit.IsFull = true;
        Assert.Null(await Runs.FindAsync(Person("usr_2"), "ses_a", CancellationToken.None));
    }

    private static UserInfo Person(string id) => new(id, id, "team_default", Roles.Supervisor, TimeZoneInfo.Utc);
}
