using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using Copilot.Domain.Audit;
using Copilot.Domain.Erasure.Retention;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Web.Identity.Administration;
using Copilot.Web.Runs.Comments;
using Copilot.Web.Runs.Personal;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Audit;
using Copilot.Web.Storage.Runs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Api.Keeping;

/// <summary>A person's data on request: exported, and erased.</summary>
public sealed class PersonDataTests
{
    private const string Person = "usr_demo_staff1";

    [Fact]
    public async Task Export_OwnOrByAdmin_HasEverythingAndVerifies()
    {
        await using var host = await PeopleHost.StartAsync(new HostSettings { IsDemo = true });
        var run = await AddAsync(host, "1");
        using var store = StoreOf(host);
        var export = ActivatorUtilities.CreateInstance<PersonExport>(host.Services, store);
        Assert.Null(await export.WriteAsync("usr_demo_staff2", Person, CancellationToken.None));
        Assert.Null(await export.WriteAsync("usr_demo_admin1", "usr_none", CancellationToken.None));
        using var nobody = await host.Browser().GetAsync($"/people/{Person}/data.zip");
        Assert.NotEqual(HttpStatusCode.OK, nobody.StatusCode);

        foreach (var reader in (string[])[Person, "usr_demo_admin1"])
        {
            await using var file = await export.WriteAsync(reader, Person, CancellationToken.None);
            using var zip = new ZipArchive(file!, ZipArchiveMode.Read);

            Assert.Equal(["person.json", "conversations/ses_1/conversation.md", "conversations/ses_1/run_1.jsonl"], zip.Entries.Select(entry => entry.FullName));
            Assert.Contains("Héllo", await ReadAsync(zip, "conversations/ses_1/conversation.md"), StringComparison.Ordinal);
            Assert.Contains("\"ses_1\"", await ReadAsync(zip, "person.json"), StringComparison.Ordinal);
            var lines = (await ReadAsync(zip, "conversations/ses_1/run_1.jsonl")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(
                run.All.Select(one => (one.Type, Encoding.UTF8.GetString(one.Data.Span), Convert.ToBase64String(one.Hash.Span))),
                lines.Select(line => JsonDocument.Parse(line).RootElement).Select(line => (line.GetProperty("type").GetString()!, line.GetProperty("data").GetString()!, line.GetProperty("hash").GetString()!)));
        }
    }

    [Fact]
    public async Task Erase_SomeHeld_TheOthersGoAndTheApiSaysWhy()
    {
        await using var host = await PeopleHost.StartAsync(new HostSettings { IsDemo = true });
        await AddAsync(host, "1");
        await AddAsync(host, "2");
        await AddAsync(host, "3");
        var erasure = host.Services.GetRequiredService<PersonErasure>();
        var retention = host.Services.GetRequiredService<RetentionService>();
        Assert.Equal(RetentionChange.Done, await retention.HoldSessionAsync("usr_demo_admin1", "ses_2", "Case 7", CancellationToken.None));
        Assert.Null(await erasure.RequestAsync(Person, Person, CancellationToken.None));

        Assert.Equal(new PersonErasureResult(2, 1, 0, 0), await erasure.RequestAsync("usr_demo_admin1", Person, CancellationToken.None));

        using var owner = host.Program("demo-key");
        using var refused = await owner.DeleteAsync("/api/sessions/ses_2");
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        using var problem = JsonDocument.Parse(await refused.Content.ReadAsStringAsync());
        Assert.Equal("legal_hold", problem.RootElement.GetProperty("code").GetString());
        Assert.Equal(LegalHoldException.Sentence, problem.RootElement.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Download_OfOnesOwn_IsAFileAndAnEntryOfTheAccessLog()
    {
        await using var host = await WholeHost.StartAsync();
        using var client = host.Client();
        client.DefaultRequestHeaders.Add("Cookie", await host.SignInAsync("staff1"));

        using var own = await client.GetAsync($"/people/{Person}/data.zip");
        using var foreign = await client.GetAsync("/people/usr_demo_staff2/data.zip");

        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        Assert.Equal("application/zip", own.Content.Headers.ContentType?.MediaType);
        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
        await using var db = await host.App.Services.GetRequiredService<IDbContextFactory<CopilotDbContext>>().CreateDbContextAsync();
        var entry = await db.AccessLog.SingleAsync(row => row.Action == AccessActions.Exported);
        Assert.Equal(Person, entry.ActorId);
        Assert.Equal(Person, entry.ObjectId);
    }

    [Fact]
    public async Task Comments_OfAPersonAndOnTheirRuns_AreExportedAndErasedWithTheRest()
    {
        await using var host = await PeopleHost.StartAsync(new HostSettings { IsDemo = true });
        await AddAsync(host, "1");
        await AddAsync(host, "2");
        await AddAsync(host, "3", "usr_demo_staff2");
        await AddAsync(host, "4", "usr_demo_staff2");
        var comments = host.Services.GetRequiredService<RunComments>();
        var supervisor = new ChangedBy("usr_demo_supervisor1", "Supervisor 1", "192.0.2.7");
        await comments.AddAsync(supervisor, "run_1", 1, "On theirs", clientId: null, CancellationToken.None);
        foreach (var run in (string[])["run_3", "run_4"])
        {
            await comments.AddAsync(supervisor, run, 1, $"By them on {run}", clientId: null, CancellationToken.None);
        }

        using var store = StoreOf(host);
        var export = ActivatorUtilities.CreateInstance<PersonExport>(host.Services, store);
        await using (var file = await export.WriteAsync(Person, Person, CancellationToken.None))
        {
            using var zip = new ZipArchive(file!, ZipArchiveMode.Read);
            Assert.Contains("\"On theirs\"", await ReadAsync(zip, "conversations/ses_1/comments.jsonl"), StringComparison.Ordinal);
            Assert.Null(zip.GetEntry("comments.jsonl"));
            Assert.Null(zip.GetEntry("conversations/ses_2/comments.jsonl"));
        }

        await using (var file = await export.WriteAsync("usr_demo_admin1", supervisor.UserId!, CancellationToken.None))
        {
            using var zip = new ZipArchive(file!, ZipArchiveMode.Read);
            Assert.Equal(3, (await ReadAsync(zip, "comments.jsonl")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        }

        await host.Services.GetRequiredService<RetentionService>().HoldSessionAsync("usr_demo_admin1", "ses_4", "Case 7", CancellationToken.None);
        Assert.Equal(
            new PersonErasureResult(0, 0, 2, 1),
            await host.Services.GetRequiredService<PersonErasure>().RequestAsync("usr_demo_admin1", supervisor.UserId!, CancellationToken.None));
        Assert.Empty((await comments.ReadAsync(Person, "run_1", CancellationToken.None))!);
        Assert.Equal("By them on run_4", Assert.Single((await comments.ReadAsync("usr_demo_staff2", "run_4", CancellationToken.None))!).Marker.Text);
    }

    private static Task<RunEvents> AddAsync(PeopleHost host, string name) => AddAsync(host, name, Person);

    private static async Task<RunEvents> AddAsync(PeopleHost host, string name, string owner)
    {
        var log = new RunEvents($"run_{name}").Created($"ses_{name}", owner);
        log.Own(RunEventTypes.UserMessage, """{"text":"Héllo"}""");
        log.Own(RunEventTypes.RunCompleted, """{"duration_ms":1}""");
        using var store = StoreOf(host);
        await store.AppendAsync([new RunAppend(log.Summary, log.All)], CancellationToken.None);
        return log;
    }

    // The host's own one plays runs.
    private static EfRunEventStore StoreOf(PeopleHost host) => new(
        host.Services.GetRequiredService<IDbContextFactory<CopilotDbContext>>(), host.Services.GetRequiredService<WriteLock>(), new ChangedChains());

    private static async Task<string> ReadAsync(ZipArchive zip, string name)
    {
        using var reader = new StreamReader(zip.GetEntry(name)!.Open());
        return await reader.ReadToEndAsync();
    }
}
