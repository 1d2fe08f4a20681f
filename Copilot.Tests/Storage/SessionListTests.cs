using Copilot.Domain.Erasure;
using Copilot.Domain.Erasure.Records;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Search;
using Copilot.Web.Storage.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static Copilot.Tests.Storage.StoredSessions;

namespace Copilot.Tests.Storage;

public sealed class SessionListTests
{
    [Theory]
    [InlineData("p", "Pumps and pipes|The pump")]
    [InlineData("P", "Pumps and pipes|The pump")]
    [InlineData("ü", "Überlauf")]
    [InlineData("p a", "Pumps and pipes")]
    [InlineData("p wat", "Question")]
    [InlineData("%", "")]
    public async Task ListAsync_SingleLetters_LooksAtTitlesOnlyAndNotBesideLongerWords(string search, string titles)
    {
        var commands = new SqlCommands();
        await using var database = await TestDatabase.CreateAsync(
            services => services.ConfigureDbContext<CopilotDbContext>(options => options.AddInterceptors(commands)));
        await AddAsync(database, "1", FakeRun.Start, "Pumps and pipes");
        await AddAsync(database, "2", FakeRun.Start.AddMinutes(-1), "The pump");
        await AddAsync(database, "3", FakeRun.Start.AddMinutes(-2), "Überlauf");
        await AddAsync(database, "4", FakeRun.Start.AddMinutes(-3), "Water in parts");
        Assert.True(await database.Sessions.RenameAsync("ses_4", "Question", CancellationToken.None));
        commands.Clear();

        var found = await database.Sessions.ListAsync("usr_1", SessionFilter.All, search, null, 10, CancellationToken.None);

        Assert.Equal(titles.Split('|', StringSplitOptions.RemoveEmptyEntries), found.Select(session => session.Title));
        Assert.Equal(search == "p wat" ? 1 : 0, commands.Count("search_texts"));
    }

    [Fact]
    public async Task ListAsync_PageByPageDuringInserts_HasEachOldSessionOnce()
    {
        await using var database = await TestDatabase.CreateAsync();
        for (var i = 0; i < 25; i++)
        {
            // Pairs share their time, so that the id has to decide.
            await AddAsync(database, $"{i:00}", FakeRun.Start.AddMinutes(i / 2), "Old");
        }

        var seen = new List<string>();
        SessionCursor? before = null;
        while (await database.Sessions.ListAsync("usr_1", SessionFilter.All, null, before, 4, CancellationToken.None) is { Count: > 0 } page)
        {
            seen.AddRange(page.Select(session => session.Id));
            before = SessionCursor.Of(page[^1]);
            await AddAsync(database, $"new{seen.Count}", FakeRun.Start.AddDays(1), "New");
        }

        Assert.Equal(Enumerable.Range(0, 25).Reverse().Select(i => $"ses_{i:00}"), seen);
    }

    [Fact]
    public async Task ListAsync_OtherPeoplesAndDeletedSessions_AreExcluded()
    {
        await using var database = await TestDatabase.CreateAsync();
        await AddAsync(database, "mine", FakeRun.Start, "Hello");
        await AddAsync(database, "gone", FakeRun.Start, "Hello");
        var other = new FakeRun("other");
        other.Summary = other.Summary with { UserId = "usr_2" };
        await database.Events.AppendAsync([other.Created("Hello")], CancellationToken.None);

        await database.Services.GetRequiredService<IErasureStore>().AddAsync(
            new ErasureRequest
            {
                Id = "fgt_1",
                SessionId = "ses_gone",
                Owner = new RunOwner("usr_1", "team_default"),
                Cause = ErasureCause.Deletion,
                RequestedAt = FakeRun.Start,
            },
            CancellationToken.None);

        Assert.Equal(["ses_mine"], await ListAsync(database, null));
        Assert.Equal(["ses_mine"], await ListAsync(database, "hello"));
        Assert.Null(await database.Sessions.FindAsync("ses_gone", CancellationToken.None));
        Assert.NotNull(await database.Events.FindAsync("run_gone", CancellationToken.None));
    }

    [Theory]
    [InlineData("pump", true)]
    [InlineData("PUM", true)]
    [InlineData("filter", true)]
    [InlineData("muller", true)]
    [InlineData("müll", true)]
    [InlineData("pump filter", true)]
    [InlineData("pump, \"filter\"!", true)]
    [InlineData("ump", false)]
    [InlineData("pump valve", false)]
    public async Task ListAsync_Search_FindsQuestionsAndAnswers(string search, bool found)
    {
        await using var database = await TestDatabase.CreateAsync();
        var run = new FakeRun("a");
        await database.Events.AppendAsync([run.Created("Which pump does Müller have?")], CancellationToken.None);
        await database.Events.AppendAsync([run.Started()], CancellationToken.None);
        Assert.Empty(await ListAsync(database, "filter"));
        await database.Events.AppendAsync([run.Completed("The one with the **filter** FX-20.")], CancellationToken.None);
        await AddAsync(database, "b", FakeRun.Start, "Something else");

        Assert.Equal(found ? ["ses_a"] : [], await ListAsync(database, search));
    }

    [Theory]
    [InlineData("在庫", "東京の倉庫に在庫があります", "在庫")]
    [InlineData("京", "東京の倉庫に在庫があります", "京")]
    [InlineData("冷却泵", "客户的冷却泵坏了", "冷却泵")]
    [InlineData("ปั๊มน้ำ", "ช่วยตรวจปั๊มน้ำที่โรงงาน", "ปั๊มน้ำ")]
    [InlineData("펌프", "냉각펌프가고장났습니다", "펌프")]
    [InlineData("ﾒﾓ", "予備のメモを注文", "メモ")]
    [InlineData("倉庫 leeds", "東京の倉庫に在庫があります in Leeds", "Leeds")]
    [InlineData("\"東京の倉庫\"", "東京の倉庫に在庫があります", "東京の倉庫")]
    public async Task ListAsync_WordInsideASentenceWithoutSpaces_IsFoundAndMarked(string search, string question, string marked)
    {
        await using var database = await TestDatabase.CreateAsync();
        await AddAsync(database, "a", FakeRun.Start, question);
        await AddAsync(database, "b", FakeRun.Start, "倉の庫、泵冷却、東の京");
        await AddAsync(database, "titled", FakeRun.Start, "Hello");
        Assert.True(await database.Sessions.RenameAsync("ses_titled", "x" + question, CancellationToken.None));
        await database.Services.GetRequiredService<RunIndexer>().CatchUpAsync(CancellationToken.None);

        var found = await database.Sessions.ListAsync("usr_1", SessionFilter.All, search, null, 10, CancellationToken.None);

        Assert.Contains("ses_a", found.Select(session => session.Id));
        Assert.Contains(marked, found.Single(session => session.Id == "ses_a").Snippet!.Parts.Where(part => part.IsFound).Select(part => part.Text));
        Assert.Empty(await database.Sessions.ListAsync("usr_2", SessionFilter.All, search, null, 10, CancellationToken.None));
        if (search is "在庫" or "冷却泵" or "ปั๊มน้ำ")
        {
            Assert.Equal(["ses_a", "ses_titled"], found.Select(session => session.Id).Order());
        }
    }

    [Theory]
    [InlineData("\"")]
    [InlineData("'; DROP TABLE sessions; --")]
    [InlineData("text : * ^ ( ) + - { }")]
    [InlineData("NEAR(a b, 5) AND NOT OR")]
    [InlineData("*")]
    [InlineData("\0 \ud800 \u202e 😀 🧑‍🔧")]
    [InlineData("a\"\"b\"* OR text:\"c")]
    public async Task ListAsync_HostileSearch_FindsNothingAndBreaksNothing(string search)
    {
        await using var database = await TestDatabase.CreateAsync();
        await AddAsync(database, "a", FakeRun.Start, "Hello");

        Assert.Empty(await ListAsync(database, search));
        Assert.Equal(["ses_a"], await ListAsync(database, "hello"));
    }

    [Fact]
    public async Task ListAsync_VeryLongSearch_IsShortened()
    {
        await using var database = await TestDatabase.CreateAsync();
        await AddAsync(database, "a", FakeRun.Start, "Hello");

        Assert.Equal(["ses_a"], await ListAsync(database, string.Join(' ', Enumerable.Repeat("hello", 5000))));
    }

    [Fact]
    public async Task ListAsync_PinnedAndArchived_AreListsOfTheirOwn()
    {
        await using var database = await TestDatabase.CreateAsync();
        await AddAsync(database, "a", FakeRun.Start, "Hello");
        await AddAsync(database, "b", FakeRun.Start, "Hello");
        await database.Sessions.PinAsync("ses_a", pinned: true, CancellationToken.None);
        await database.Sessions.ArchiveAsync("ses_b", archived: true, CancellationToken.None);

        Assert.Equal(["ses_a"], await OfAsync(SessionFilter.Pinned));
        Assert.Equal(["ses_a"], await OfAsync(SessionFilter.Current));
        Assert.Equal(["ses_b"], await OfAsync(SessionFilter.Archived));
        Assert.Equal(["ses_a", "ses_b"], (await ListAsync(database, "hello")).Order());

        // A run that begins takes it back.
        var next = new FakeRun("c");
        next.Summary = next.Summary with { SessionId = "ses_b" };
        await database.Events.AppendAsync([next.Created("And then?")], CancellationToken.None);
        Assert.Empty(await OfAsync(SessionFilter.Archived));
        await database.Sessions.PinAsync("ses_a", pinned: false, CancellationToken.None);
        Assert.Empty(await OfAsync(SessionFilter.Pinned));

        async Task<IEnumerable<string>> OfAsync(SessionFilter filter) =>
            (await database.Sessions.ListAsync("usr_1", filter, null, null, 10, CancellationToken.None)).Select(session => session.Id);
    }

    [Fact]
    public async Task ListAsync_WordsOfAnAnswer_AreMarkedWhereTheyStand()
    {
        await using var database = await TestDatabase.CreateAsync();
        await AddAsync(database, "a", FakeRun.Start, "Where is the\n<b>cooling</b> pump?");

        var found = Assert.Single(await database.Sessions.ListAsync("usr_1", SessionFilter.All, "cool pu", null, 10, CancellationToken.None));

        Assert.Equal("run_a", found.Snippet?.RunId);
        Assert.Equal(["cooling", "pump"], found.Snippet!.Parts.Where(part => part.IsFound).Select(part => part.Text));
        Assert.Equal("Where is the <b>cooling</b> pump?", string.Concat(found.Snippet.Parts.Select(part => part.Text)).Trim());
    }
}
