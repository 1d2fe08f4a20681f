using Copilot.Domain.Runs.Log;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Packing;
using Copilot.Web.Storage.Runs;
using Copilot.Web.Storage.Search;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Storage.Search;

/// <summary>The index of runs follows the log: what comes later, what is packed, what is erased meanwhile.</summary>
public sealed class RunIndexTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private SearchScene _scene = null!;

    public async ValueTask InitializeAsync() => _scene = new SearchScene(_database = await TestDatabase.CreateAsync());

    public async ValueTask DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task List_PackedRuns_AreIndexedAndShownAsBefore()
    {
        foreach (var name in (string[])["run_before", "run_after"])
        {
            var run = new RunEvents(name).Created("ses_" + name, "usr_1");
            run.Own("run.started", "{}");
            run.Tool("tool.completed", "call_1", """{"name":"stock_look","output":"Two pumps on a shelf","duration_ms":5}""");
            run.Own("run.completed", """{"duration_ms":5}""");
            await _database.Events.AppendAsync([new RunAppend(run.Summary, run.All)], CancellationToken.None);
            if (name == "run_before")
            {
                await _scene.IndexAsync();
            }

            while (await _database.Services.GetRequiredService<RunPacker>().PackNextAsync(name, RunEvents.Start.AddDays(1), CancellationToken.None))
            {
            }
        }

        Assert.Equal(0L, await _database.ScalarAsync<long>("SELECT count(*) FROM run_events"));
        await _scene.IndexAsync();

        var found = await _scene.FindAsync(SearchScene.Admin, "?q=shelf");
        Assert.Equal(["run_after", "run_before"], found.Select(run => run.RunId).Order(StringComparer.Ordinal));
        Assert.All(found, run => Assert.Contains(run.Hit!.Snippet!.Parts, part => part is { Text: "shelf", IsFound: true }));
    }

    [Fact]
    public async Task Index_RunThatGoesOn_IsFoundByWhatCameSince()
    {
        var run = new FakeRun("a");
        await _database.Events.AppendAsync([run.Created("First words")], CancellationToken.None);
        await _scene.IndexAsync();
        Assert.Equal("a", await _scene.NamesAsync("?q=words"));
        Assert.Equal(0, _scene.Indexer.Pending);

        await _database.Events.AppendAsync([run.Deltas(200)], CancellationToken.None);
        await _database.Events.AppendAsync([run.Append([.. Enumerable.Range(0, 200).Select(i => ("steer.requested", $$"""{"steer_id":"s{{i}}","text":"later{{i}}"}"""))])], CancellationToken.None);
        await _scene.IndexAsync();

        Assert.Equal("a", await _scene.NamesAsync("?q=later0"));
        Assert.Equal("a", await _scene.NamesAsync("?q=later199"));
        Assert.Equal(201L, await _database.ScalarAsync<long>("SELECT count(*) FROM find_texts"));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public async Task Index_MoreComesWhileItIsWritten_WaitsOnlyForWhatSaysSomething(bool piecesAlone, long indexed)
    {
        var run = new FakeRun("a");
        await _database.Events.AppendAsync([run.Created("First words")], CancellationToken.None);
        await _database.Events.AppendAsync([run.Deltas(3)], CancellationToken.None);
        var head = run.Summary.HeadSeq;
        var index = _database.Services.GetRequiredService<IRunIndex>();
        using var writer = new RunAppendWriter(_database.Contexts);
        Task<string?> indexing;
        using (await _database.Services.GetRequiredService<WriteLock>().EnterAsync(CancellationToken.None))
        {
            // It has read what there is, and waits for the lock.
            indexing = index.IndexAsync(null, CancellationToken.None);
            Assert.False(indexing.IsCompleted);
            writer.Commit([run.Deltas(5)]);
            if (!piecesAlone)
            {
                writer.Commit([run.Append(("steer.requested", """{"steer_id":"s1","text":"later"}"""))]);
            }
        }

        await indexing;

        Assert.Equal(indexed, await _database.ScalarAsync<long>("SELECT is_indexed FROM runs"));
        Assert.Equal(head, await _database.ScalarAsync<long>("SELECT seq FROM run_facts"));
        await _scene.IndexAsync();
        Assert.Equal(0, _scene.Indexer.Pending);
        Assert.Equal(piecesAlone ? "" : "a", await _scene.NamesAsync("?q=later"));
    }

    [Fact]
    public async Task Index_ErasedBetweenReadingAndWriting_HasNothingOfIt()
    {
        var run = new FakeRun("a");
        await _database.Events.AppendAsync([run.Created("canary")], CancellationToken.None);
        await using (var db = await _database.Contexts.CreateDbContextAsync())
        {
            await db.WriteAsync(token => db.RunEvents.ExecuteUpdateAsync(set => set.SetProperty(row => row.Payload, (byte[]?)null).SetProperty(row => row.Salt, (byte[]?)null), token), CancellationToken.None);
        }

        await _scene.IndexAsync();

        Assert.Equal(0L, await _database.ScalarAsync<long>("SELECT count(*) FROM find_texts"));
        Assert.Single(await _scene.FindAsync(SearchScene.Admin, ""));
    }
}
