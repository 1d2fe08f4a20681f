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
using Copilot.Web.Runs.Personal;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Audit;
using Copilot.Web.Storage.Runs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Api;

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

        Assert.Equal(new PersonErasureResult(2, 1), await erasure.RequestAsync("usr_demo_admin1", Person, CancellationToken.None));

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

    private static async Task<RunEvents> AddAsync(PeopleHost host, string name)
    {
        var log = new RunEvents($"run_{name}").Created($"ses_{name}", Person);
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
