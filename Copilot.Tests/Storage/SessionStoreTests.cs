using Copilot.Domain.Erasure;
using Copilot.Domain.Runs;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Web.Storage.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static Copilot.Tests.Storage.StoredSessions;

namespace Copilot.Tests.Storage;

public sealed class SessionStoreTests
{
    [Fact]
    public async Task FindAsync_AfterTheFirstAppend_IsTheSessionOfTheRun()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.Events.AppendAsync([new FakeRun("a").Created("  Where is\nthe  part? ")], CancellationToken.None);

        var session = await database.Sessions.FindAsync("ses_a", CancellationToken.None);

        Assert.Equal(
            new SessionInfo("ses_a", "usr_1", "team_default", "Where is the part?", "run_a", FakeRun.Start, FakeRun.Start.AddTicks(20)),
            session);
        Assert.Null(await database.Sessions.FindAsync("ses_none", CancellationToken.None));
    }

    [Fact]
    public async Task FindAsync_SecondRunCreatedAndFirstStarted_HeadIsTheLastStarted()
    {
        await using var database = await TestDatabase.CreateAsync();
        var (first, second) = (new FakeRun("a"), new FakeRun("b"));
        second.Summary = second.Summary with { SessionId = "ses_a" };
        await database.Events.AppendAsync([first.Created("One")], CancellationToken.None);
        await database.Events.AppendAsync([second.Created("Two")], CancellationToken.None);
        Assert.Equal("run_b", (await database.Sessions.FindAsync("ses_a", CancellationToken.None))!.HeadRunId);

        await database.Events.AppendAsync([first.Started()], CancellationToken.None);
        await database.Events.AppendAsync([second.Deltas(3)], CancellationToken.None);

        var session = (await database.Sessions.FindAsync("ses_a", CancellationToken.None))!;
        Assert.Equal("run_a", session.HeadRunId);
        Assert.Equal("One", session.Title);
    }

    [Fact]
    public async Task RenameAsync_OtherTitle_IsShownAndFound()
    {
        await using var database = await TestDatabase.CreateAsync();
        await AddAsync(database, "a", FakeRun.Start, "Hello");

        Assert.True(await database.Sessions.RenameAsync("ses_a", "Contoso visit", CancellationToken.None));

        Assert.Equal("Contoso visit", (await database.Sessions.FindAsync("ses_a", CancellationToken.None))!.Title);
        Assert.Equal(["ses_a"], await ListAsync(database, "contoso hello"));
        Assert.True(await database.Sessions.RenameAsync("ses_a", "Fabrikam", CancellationToken.None));
        Assert.Empty(await ListAsync(database, "contoso"));
        Assert.False(await database.Sessions.RenameAsync("ses_none", "Contoso", CancellationToken.None));
        await Assert.ThrowsAsync<ArgumentException>(() => database.Sessions.RenameAsync("ses_a", " \n", CancellationToken.None));
    }

    [Fact]
    public async Task RenameAsync_BeforeTheNextRun_TitleStays()
    {
        await using var database = await TestDatabase.CreateAsync();
        await AddAsync(database, "a", FakeRun.Start, "Hello");
        await database.Sessions.RenameAsync("ses_a", "Contoso", CancellationToken.None);
        var next = new FakeRun("b");
        next.Summary = next.Summary with { SessionId = "ses_a" };

        await database.Events.AppendAsync([next.Created("And then?")], CancellationToken.None);

        Assert.Equal("Contoso", (await database.Sessions.FindAsync("ses_a", CancellationToken.None))!.Title);
    }

    [Fact]
    public async Task TitleByModelAsync_OneThatAPersonGave_Stays()
    {
        await using var database = await TestDatabase.CreateAsync();
        await AddAsync(database, "a", FakeRun.Start, "Hello");

        Assert.True(await database.Sessions.NeedsTitleAsync("ses_a", CancellationToken.None));
        Assert.True(await database.Sessions.TitleByModelAsync("ses_a", "A greeting", CancellationToken.None));
        Assert.False(await database.Sessions.TitleByModelAsync("ses_a", "Another greeting", CancellationToken.None));
        Assert.Equal(["ses_a"], await ListAsync(database, "greeting"));

        await AddAsync(database, "b", FakeRun.Start, "Hello");
        await database.Sessions.RenameAsync("ses_b", "Contoso", CancellationToken.None);
        Assert.False(await database.Sessions.NeedsTitleAsync("ses_b", CancellationToken.None));
        Assert.False(await database.Sessions.TitleByModelAsync("ses_b", "A greeting", CancellationToken.None));
        Assert.Equal("Contoso", (await database.Sessions.FindAsync("ses_b", CancellationToken.None))!.Title);
    }

    [Fact]
    public async Task TitleByModelAsync_ContentIsBeingDeleted_Refuses()
    {
        await using var database = await TestDatabase.CreateAsync();
        await AddAsync(database, "a", FakeRun.Start, "Hello");
        var service = new ErasureService(
            database.Services.GetRequiredService<IErasureStore>(), new ScriptedAccess(), new ErasureChanges(), TimeProvider.System);

        var request = await service.RequestAsync("usr_1", "ses_a", delete: false, TimeSpan.FromMinutes(1), CancellationToken.None);
        Assert.False(await database.Sessions.TitleByModelAsync("ses_a", "A greeting", CancellationToken.None));

        Assert.True(await service.UndoAsync("usr_1", request!.Id, CancellationToken.None));
        Assert.True(await database.Sessions.TitleByModelAsync("ses_a", "A greeting", CancellationToken.None));
    }

    [Fact]
    public async Task SelectBranchAsync_RunOfTheSessionAndAnother_AcceptsOnlyItsOwn()
    {
        await using var database = await TestDatabase.CreateAsync();
        await AddAsync(database, "a", FakeRun.Start, "Hello");
        await AddAsync(database, "other", FakeRun.Start, "Hello");
        var retry = new FakeRun("b");
        retry.Summary = retry.Summary with { SessionId = "ses_a" };
        await database.Events.AppendAsync([retry.Created("Hello")], CancellationToken.None);

        Assert.True(await database.Sessions.SelectBranchAsync("ses_a", "run_a", CancellationToken.None));
        Assert.False(await database.Sessions.SelectBranchAsync("ses_a", "run_other", CancellationToken.None));

        Assert.Equal("run_a", (await database.Sessions.FindAsync("ses_a", CancellationToken.None))!.HeadRunId);
    }

    [Fact]
    public async Task RateAsync_UpDownAndBack_SavesTheLast()
    {
        await using var database = await TestDatabase.CreateAsync();
        await AddAsync(database, "a", FakeRun.Start, "Hello");

        Assert.True(await database.Sessions.RateAsync("run_a", "usr_1", 1, CancellationToken.None));
        Assert.True(await database.Sessions.RateAsync("run_a", "usr_2", 1, CancellationToken.None));
        Assert.True(await database.Sessions.RateAsync("run_a", "usr_1", -1, CancellationToken.None));
        Assert.Equal(-1, (await database.Sessions.RatingsAsync("ses_a", "usr_1", CancellationToken.None))["run_a"]);

        Assert.True(await database.Sessions.RateAsync("run_a", "usr_1", 0, CancellationToken.None));
        Assert.Empty(await database.Sessions.RatingsAsync("ses_a", "usr_1", CancellationToken.None));
        Assert.Equal(1, (await database.Sessions.RatingsAsync("ses_a", "usr_2", CancellationToken.None))["run_a"]);
        Assert.False(await database.Sessions.RateAsync("run_none", "usr_1", 1, CancellationToken.None));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => database.Sessions.RateAsync("run_a", "usr_1", 2, CancellationToken.None));
    }
}
