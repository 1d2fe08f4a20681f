using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Copilot.Domain.Audit;
using Copilot.Domain.Erasure;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Api;
using Copilot.Web.Identity;
using Copilot.Web.Runs.Forking;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Api.Forking;

/// <summary>Forks over HTTP, with the demo model and its tools.</summary>
public sealed class ForkApiTests : ForkScene
{
    [Fact]
    public async Task Fork_OfACallWithOtherArguments_IsARunOfItsOwn()
    {
        var call = Events.First(one => one.Type == RunEventTypes.ToolStarted);
        var arguments = JsonNode.Parse(((ToolRequested)Events.First(one => one.Type == RunEventTypes.ToolRequested && one.CallId == call.CallId).Payload!).Arguments!)!.AsObject();
        var changed = arguments.First(one => one.Value?.GetValueKind() is JsonValueKind.String).Key;
        arguments[changed] = "gasket";

        var fork = await RestAsync(await ForkAsync(new { seq = call.Seq, arguments }));

        var from = fork.GetProperty("forked_from");
        Assert.Equal(RunId, from.GetProperty("run_id").GetString());
        Assert.Equal(2, from.GetProperty("step").GetInt32());
        Assert.Equal("completed", fork.GetProperty("status").GetString());
        Assert.Equal(Question, fork.GetProperty("input").GetString());
        var events = await Store.ReadAsync(fork.GetProperty("run_id").GetString()!, 0, int.MaxValue, CancellationToken.None);
        var asked = events.First(one => one.Type == RunEventTypes.ToolRequested);
        Assert.Equal(call.CallId, asked.CallId);
        Assert.Equal("gasket", (string?)JsonNode.Parse(((ToolRequested)asked.Payload!).Arguments!)![changed]);

        // In a conversation of its own, called after the other; the other is as it was.
        var session = fork.GetProperty("session_id").GetString()!;
        var parent = (await Store.FindAsync(RunId, CancellationToken.None))!;
        Assert.NotEqual(parent.SessionId, session);
        Assert.Equal(ForkRunText.Title(Question), (await Host.App.Services.GetRequiredService<SessionStore>().FindAsync(session, CancellationToken.None))!.Title);
        Assert.Equal([RunId], (await Store.ReadSessionHeadsAsync(parent.SessionId, CancellationToken.None)).Select(run => run.RunId));
        Assert.Equal(Events.Count, parent.HeadSeq);
    }

    [Fact]
    public async Task Fork_AtALaterStep_InvokesNoEarlierTool_AndTheSameKeyStartsOne()
    {
        var last = Events.Last(one => one.Type == RunEventTypes.AttemptSent);
        Assert.Contains(Events, one => one.Type == RunEventTypes.ToolStarted && one.Seq < last.Seq);
        Client.DefaultRequestHeaders.Add("Idempotency-Key", "fork-1");

        var run = await ForkAsync(new { seq = last.Seq });
        var again = await ForkAsync(new { seq = last.Seq });
        var fork = await RestAsync(run);

        Assert.Equal(run, again);
        Assert.Equal("completed", fork.GetProperty("status").GetString());
        var events = await Store.ReadAsync(run, 0, int.MaxValue, CancellationToken.None);
        Assert.DoesNotContain(events, one => one.Type == RunEventTypes.ToolStarted);
        Assert.Equal((await Store.FindAsync(RunId, CancellationToken.None))!.OutputText, fork.GetProperty("output_text").GetString());

        // Also where a crash has lost what was remembered of the key: another source, step or model is something else.
        await using (var db = await ContextAsync())
        {
            await db.WriteAsync(token => db.IdempotencyKeys.ExecuteDeleteAsync(token), CancellationToken.None);
        }

        foreach (var (source, body) in (IEnumerable<(string, object)>)[(run, new { seq = 1 }), (RunId, new { seq = 1 }), (RunId, new { seq = last.Seq, model = "gpt-5.6-mini" })])
        {
            using var refused = await PostAsync(source, JsonSerializer.Serialize(body));
            Assert.Equal(ApiText.KeyReused, (await JsonAsync(refused)).GetProperty("detail").GetString());
        }

        Assert.Equal(run, await ForkAsync(new { seq = last.Seq }));
    }

    [Fact]
    public async Task Fork_AtTheQuestion_AsksOtherWordsOfAnotherModel()
    {
        const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        Client.DefaultRequestHeaders.Add("traceparent", $"00-{Trace}-00f067aa0ba902b7-01");
        var fork = await RestAsync(await ForkAsync(new { seq = 1, message = "Find the customer Contoso", model = "gpt-5.6-mini" }));

        Assert.Equal(Trace, (await Store.FindAsync(fork.GetProperty("run_id").GetString()!, CancellationToken.None))!.TraceId);
        Assert.Equal("Find the customer Contoso", fork.GetProperty("input").GetString());
        Assert.Equal("gpt-5.6-mini", fork.GetProperty("model").GetString());
        Assert.Equal(1, fork.GetProperty("forked_from").GetProperty("step").GetInt32());
    }

    [Fact]
    public async Task Fork_OfARunWithFiles_CarriesThemAsItsOwn_AndEachConversationDeletesItsOwn()
    {
        using var uploaded = await Client.PostAsync("/api/files?name=pumps.txt", new StringContent("Cooling pump, 3 pieces"));
        var file = (await JsonAsync(uploaded)).GetProperty("id").GetString()!;
        using var started = await Client.PostAsJsonAsync("/api/runs?wait=50", new { input = "What is in this file?", files = (string[])[file] });
        var run = await JsonAsync(started);
        var (runId, answer) = (run.GetProperty("run_id").GetString()!, run.GetProperty("output_text").GetString()!);
        Assert.Contains("Cooling pump, 3 pieces", answer, StringComparison.Ordinal);
        Client.DefaultRequestHeaders.Add("Idempotency-Key", "fork-files");

        // At the question, twice with one key: one run, with a file of its own.
        var forkId = await ForkAsync(runId, new { seq = 1 });
        Assert.Equal(forkId, await ForkAsync(runId, new { seq = 1 }));
        Client.DefaultRequestHeaders.Remove("Idempotency-Key");
        Assert.Equal(answer, (await RestAsync(forkId)).GetProperty("output_text").GetString());
        var (parent, fork) = ((await Store.FindAsync(runId, CancellationToken.None))!, (await Store.FindAsync(forkId, CancellationToken.None))!);
        var copy = Assert.Single(fork.Files);
        Assert.NotEqual(file, copy.Id);
        Assert.Equal(parent.Files.Select(one => (one.Name, one.Type, one.Size)), fork.Files.Select(one => (one.Name, one.Type, one.Size)));
        Assert.Equal("Cooling pump, 3 pieces", await Client.GetStringAsync($"/api/files/{copy.Id}/content"));
        Assert.Equal(fork.SessionId, await SessionOfAsync(copy.Id));
        Assert.Equal(parent.SessionId, await SessionOfAsync(file));

        // At the answer: the question's file is read where it is.
        var events = await Store.ReadAsync(runId, 0, int.MaxValue, CancellationToken.None);
        var later = await RestAsync(await ForkAsync(runId, new { seq = events.Last(one => one.Type == RunEventTypes.AttemptSent).Seq }));
        Assert.Equal(answer, later.GetProperty("output_text").GetString());
        Assert.Empty((await Store.FindAsync(later.GetProperty("run_id").GetString()!, CancellationToken.None))!.Files);

        // A fork that is deleted takes its own file along and no other; the other one takes its forks along.
        await DeleteAsync(fork.SessionId, copy.Id);
        Assert.Equal("Cooling pump, 3 pieces", await Client.GetStringAsync($"/api/files/{file}/content"));
        var third = (await Store.FindAsync((await RestAsync(await ForkAsync(runId, new { seq = 1 }))).GetProperty("run_id").GetString()!, CancellationToken.None))!;
        await DeleteAsync(parent.SessionId, file, Assert.Single(third.Files).Id);
        Assert.NotNull((await Store.FindAsync(third.RunId, CancellationToken.None))!.ForgottenAt);
    }

    [Fact]
    public async Task Fork_OfACallThatWasApproved_AsksAgainAndPlacesAnOrderOfItsOwn()
    {
        var parentId = await StartAsync("Order two cooling pumps");
        var parent = await RestAsync(parentId);
        var asked = Assert.Single(parent.GetProperty("pending_approvals").EnumerateArray());
        var callId = asked.GetProperty("call_id").GetString()!;
        await DecideAsync(parentId, callId, new { decision = "approve" }, HttpStatusCode.Accepted);
        Assert.Equal(RunEventTypes.RunCompleted, await EndAsync(parentId));
        var events = await Store.ReadAsync(parentId, 0, int.MaxValue, CancellationToken.None);
        var call = events.Single(one => one.Type == RunEventTypes.ApprovalRequested);
        var arguments = JsonNode.Parse(asked.GetProperty("arguments").GetString()!)!.AsObject();
        arguments["quantity"] = 5;

        // The approval of before is the other run's: this one asks for its own, with what was changed.
        var forkId = await ForkAsync(parentId, new { seq = call.Seq, arguments });
        var waiting = Assert.Single((await RestAsync(forkId)).GetProperty("pending_approvals").EnumerateArray());
        Assert.Equal(callId, waiting.GetProperty("call_id").GetString());
        Assert.Equal(5, (int)JsonNode.Parse(waiting.GetProperty("arguments").GetString()!)!["quantity"]!);
        Assert.Empty(await StartedAsync(forkId));

        // A decision about the other run's call is none about this one's.
        await DecideAsync(parentId, callId, new { decision = "approve" }, HttpStatusCode.Conflict);
        Assert.Empty(await StartedAsync(forkId));
        arguments["quantity"] = 4;
        await DecideAsync(forkId, callId, new { decision = "approve", arguments }, HttpStatusCode.Accepted);
        Assert.Equal(RunEventTypes.RunCompleted, await EndAsync(forkId));
        Assert.Equal([callId], await StartedAsync(forkId));
        var ended = await Store.ReadAsync(forkId, 0, int.MaxValue, CancellationToken.None);
        Assert.Contains(ended, one => one.Type == RunEventTypes.ApprovalApproved && one.Actor?.Id == "usr_demo_staff1");

        // One that is denied changes nothing.
        var deniedId = await ForkAsync(parentId, new { seq = call.Seq, arguments });
        await RestAsync(deniedId);
        await DecideAsync(deniedId, callId, new { decision = "deny", reason = "too many" }, HttpStatusCode.Accepted);
        Assert.Equal(RunEventTypes.RunCompleted, await EndAsync(deniedId));
        Assert.Empty(await StartedAsync(deniedId));
        Assert.Equal(events.Count, (await Store.FindAsync(parentId, CancellationToken.None))!.HeadSeq);
    }

    private async Task<string> StartAsync(string input)
    {
        using var response = await Client.PostAsJsonAsync("/api/runs", new { input });
        return (await JsonAsync(response)).GetProperty("run_id").GetString()!;
    }

    private async Task DecideAsync(string run, string callId, object decision, HttpStatusCode expected)
    {
        using var response = await Client.PostAsJsonAsync($"/api/runs/{run}/approvals/{callId}", decision);
        Assert.Equal(expected, response.StatusCode);
    }

    /// <summary>The type of the event that the run ends with.</summary>
    private async Task<string> EndAsync(string run)
    {
        return await ReadAsync().Soon("the run ends");

        async Task<string> ReadAsync()
        {
            await foreach (var batch in Host.App.Services.GetRequiredService<IRunFeed>().FollowAsync(run, 0, CancellationToken.None))
            {
                if (batch.FirstOrDefault(one => RunEventTypes.IsSettled(one.Type)) is { } last)
                {
                    return last.Type;
                }
            }

            throw new InvalidOperationException("The run has no end.");
        }
    }

    /// <summary>The calls that were carried out.</summary>
    private async Task<IEnumerable<string?>> StartedAsync(string run) => (await Store.ReadAsync(run, 0, int.MaxValue, CancellationToken.None))
        .Where(one => one.Type == RunEventTypes.ToolStarted)
        .Select(one => one.CallId);

    private async Task<string?> SessionOfAsync(string file) => (await FileAsync(file)).SessionId;

    private async Task<bool> IsErasedAsync(string file) => (await FileAsync(file)).ForgottenAt is not null;

    private async Task<FileRow> FileAsync(string file)
    {
        await using var db = await Host.App.Services.GetRequiredService<IDbContextFactory<CopilotDbContext>>().CreateDbContextAsync();
        return await db.Files.AsNoTracking().SingleAsync(row => row.Id == file);
    }

    /// <summary>Deletes a conversation, and waits until these files are gone with it.</summary>
    private async Task DeleteAsync(string session, params string[] files)
    {
        using var watch = Host.App.Services.GetRequiredService<ErasureService>().Watch(sessionId: null);
        using var deleting = await Client.DeleteAsync("/api/sessions/" + session);
        Assert.Equal(HttpStatusCode.Accepted, deleting.StatusCode);
        foreach (var file in files)
        {
            while (true)
            {
                var changed = watch.Next;
                if (await IsErasedAsync(file))
                {
                    break;
                }

                await changed.Soon($"the deletion of {file} goes on");
            }
        }
    }
}
