using Copilot.Domain.Erasure.Records;
using Copilot.Domain.Responses;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Erasure;

/// <summary>Deletion at the upstream over real HTTP, and what counts as proof.</summary>
public sealed class ErasureWorkerUpstreamTests
{
    internal const string Deleted = """{"id":"resp_1","object":"response","deleted":true}""";
    internal const string Stored = """{"id":"resp_1","object":"response","status":"completed"}""";
    internal const string Unknown = """{"error":{"message":"Response with id 'resp_1' not found.","type":"invalid_request_error","param":null,"code":null}}""";
    internal const string Broken = """{"error":{"message":"secret words","type":"server_error","param":null,"code":null}}""";

    [Fact]
    public async Task Work_StoredResponse_IsErasedOnlyAfterTheUpstreamDoesNotKnowIt()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var fixture = await StartAsync(upstream);
        await RunAsync(fixture, upstream, "resp_1");

        var asked = await fixture.AskAsync("ses_1");
        var work = fixture.NewErasureWorker().WorkAsync(CancellationToken.None);
        var delete = await upstream.NextPostAsync();
        Assert.Equal("DELETE", delete.Request.Method);
        Assert.Equal("/v1/responses/resp_1", delete.Request.Path);
        Assert.Equal("Bearer test-key", delete.Request.Headers.Authorization.ToString());
        // Nothing is left here before the upstream is asked.
        Assert.Equal(ErasureState.Verifying, (await fixture.FindRecordAsync(asked.Id)).Request.State);
        await delete.RespondAsync(200, "application/json", Deleted);
        var get = await upstream.NextPostAsync();
        Assert.Equal("GET", get.Request.Method);
        Assert.Equal("/v1/responses/resp_1", get.Request.Path);
        Assert.Equal(ErasureState.Verifying, (await fixture.FindRecordAsync(asked.Id)).Request.State);
        await get.RespondAsync(404, "application/json", Unknown);

        Assert.Null(await work.Soon("the worker is done"));
        var evidence = await fixture.FindRecordAsync(asked.Id);
        var response = Assert.Single(evidence.Responses);
        Assert.Equal(ErasureState.Forgotten, evidence.Request.State);
        Assert.Equal(fixture.Clock.GetUtcNow(), evidence.Request.FinishedAt!.Value, TimeSpan.FromMilliseconds(1));
        Assert.Equal("resp_1", response.ResponseId);
        Assert.Equal(ErasureProof.DeletedUpstream, response.Proof);
        Assert.Equal(ErasureProofState.Verified, response.State);
        Assert.Equal(200, response.DeleteStatus);
        Assert.Equal(404, response.GetStatus);
        Assert.Equal(1, response.Attempts);
        Assert.Equal(TransportKind.Http, response.Transport);
        Assert.Equal(upstream.BaseUrl.ToString(), response.Endpoint);
    }

    [Fact]
    public async Task Work_AlreadyUnknown_CountsAsDeleted()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var fixture = await StartAsync(upstream);
        await RunAsync(fixture, upstream, "resp_1");
        var asked = await fixture.AskAsync("ses_1");

        await WorkAsync(fixture, upstream, ("DELETE", 404, Unknown), ("GET", 404, Unknown));

        var response = Assert.Single((await fixture.FindRecordAsync(asked.Id)).Responses);
        Assert.Equal(ErasureProofState.Verified, response.State);
        Assert.Equal(404, response.DeleteStatus);
        Assert.Equal(404, response.GetStatus);
    }

    [Fact]
    public async Task Run_UpstreamHangs_DeletesTheNextConversationHereMeanwhile()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var fixture = await StartAsync(upstream);
        await RunAsync(fixture, upstream, "resp_1");
        await RunAsync(fixture, upstream, "resp_2", "ses_2");
        using var stop = new CancellationTokenSource();
        var loop = fixture.NewErasureWorker().RunAsync(stop.Token);
        var first = await fixture.AskAsync("ses_1");
        var hanging = await upstream.NextPostAsync();

        using var watch = fixture.People.Watch("ses_2");
        var second = await fixture.AskAsync("ses_2");
        for (var changed = watch.Next; (await fixture.FindRecordAsync(second.Id)).Request.ErasedAt is null; changed = watch.Next)
        {
            await changed.Soon("the second conversation is erased");
        }

        Assert.Equal(ErasureState.Verifying, (await fixture.FindRecordAsync(first.Id)).Request.State);
        Assert.Equal(0, (await fixture.FindRecordAsync(first.Id)).Responses[0].Attempts);
        await hanging.RespondAsync(200, "application/json", Deleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => loop);
    }

    [Fact]
    public async Task Work_UpstreamFails_AsksForNoOtherConversationUntilThePauseIsOver()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var fixture = await StartAsync(upstream);
        var asked = new List<string>();
        for (var session = 1; session <= 5; session++)
        {
            await RunAsync(fixture, upstream, $"resp_{session}", $"ses_{session}");
            asked.Add((await fixture.AskAsync($"ses_{session}")).Id);
        }

        await RunAsync(fixture, upstream, "resp_6", "ses_6");
        var before = upstream.Requests;
        var worker = fixture.NewErasureWorker();
        var work = worker.WorkAsync(CancellationToken.None);
        var posts = new List<ScriptedPost>();
        for (var post = 0; post < 4; post++)
        {
            posts.Add(await upstream.NextPostAsync());
        }

        foreach (var post in posts)
        {
            await post.RespondAsync(503, "application/json", Broken);
        }

        var next = await work.Soon("the worker is done for now");
        // Those in flight met it. The fifth, and the one that comes later, would have met the same.
        asked.Add((await fixture.AskAsync("ses_6")).Id);
        Assert.Equal(next, await worker.WorkAsync(CancellationToken.None).Soon("the later one is erased here only"));
        Assert.Equal(before + 4, upstream.Requests);
        Assert.Equal(
            [1, 1, 1, 1, 0, 0],
            (await Task.WhenAll(asked.Select(fixture.FindRecordAsync))).Select(record => record.Responses[0].Attempts).OrderDescending());
        Assert.All(await fixture.Store.ReadToVerifyAsync(CancellationToken.None), request => Assert.True(request.NextAt > fixture.Clock.GetUtcNow()));

        // A person does not have to wait.
        Assert.True(await fixture.People.RetryAsync(ErasureFixture.Owner, asked[5], CancellationToken.None));
        Assert.Equal(next, await AnswerAsync(worker.WorkAsync(CancellationToken.None), upstream, 1));
        Assert.Equal(ErasureState.Forgotten, (await fixture.FindRecordAsync(asked[5])).Request.State);

        fixture.Clock.Advance(fixture.Options.MaxRetryDelay);
        Assert.Null(await AnswerAsync(worker.WorkAsync(CancellationToken.None), upstream, 5));
        foreach (var id in asked)
        {
            Assert.Equal(ErasureState.Forgotten, (await fixture.FindRecordAsync(id)).Request.State);
        }

        static async Task<DateTimeOffset?> AnswerAsync(Task<DateTimeOffset?> work, ScriptedUpstream upstream, int responses)
        {
            for (var request = 0; request < responses * 2; request++)
            {
                var post = await upstream.NextPostAsync();
                await (post.Request.Method == "DELETE"
                    ? post.RespondAsync(200, "application/json", Deleted)
                    : post.RespondAsync(404, "application/json", Unknown));
            }

            return await work.Soon("the worker is done");
        }
    }

    [Fact]
    public async Task Work_LostAndSupersededAttempt_IsDeletedToo()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var fixture = await ErasureFixture.StartAsync(upstream.BaseUrl, options => (options.Store, options.Transport) = (true, TransportChoice.WebSocket));
        var run = await fixture.Host.StartRunAsync("Hello");
        var first = await upstream.NextSocketAsync();
        await first.ReceiveAsync();
        await first.SendAsync(Frames.Created("resp_1"), Frames.Delta("Hel"));
        await fixture.Host.SeeAsync(run.RunId, "response.output_text.delta");
        first.Cut();
        var second = await upstream.NextSocketAsync();
        await second.ReceiveAsync();
        await second.SendAsync(Frames.Answer("resp_2", "Hello"));
        await fixture.Host.RestAsync(run.RunId);
        var asked = await fixture.AskAsync("ses_1");

        await WorkAsync(fixture, upstream, ("DELETE", 200, Deleted), ("GET", 404, Unknown), ("DELETE", 200, Deleted), ("GET", 404, Unknown));

        var evidence = await fixture.FindRecordAsync(asked.Id);
        Assert.Equal(["resp_1", "resp_2"], evidence.Responses.Select(response => response.ResponseId));
        Assert.Equal(ErasureState.Forgotten, evidence.Request.State);
    }

    [Fact]
    public async Task Work_SettingsChangedSince_FollowsTheLog()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        var store = true;
        await using var fixture = await ErasureFixture.StartAsync(
            upstream.BaseUrl, options => (options.Store, options.Transport) = (store, TransportChoice.Http));
        await RunAsync(fixture, upstream, "resp_1");
        store = false;
        await fixture.Host.RestartAsync();
        var second = await fixture.Host.StartRunAsync("Again");
        var post = await upstream.NextPostAsync();
        await post.SendAsync(Frames.Answer("resp_2", "Hi"));
        post.End();
        await fixture.Host.RestAsync(second.RunId);
        var asked = await fixture.AskAsync("ses_1");

        await WorkAsync(fixture, upstream, ("DELETE", 200, Deleted), ("GET", 404, Unknown));

        Assert.Equal(
            [("resp_1", ErasureProof.DeletedUpstream), ("resp_2", ErasureProof.HttpNotStored)],
            (await fixture.FindRecordAsync(asked.Id)).Responses.Select(response => (response.ResponseId!, response.Proof)));
    }

    [Fact]
    public async Task Work_CreatedElsewhere_SendsTheKeyNowhere()
    {
        await using var then = await ScriptedUpstream.StartAsync();
        await using var today = await ScriptedUpstream.StartAsync();
        var address = then.BaseUrl;
        await using var fixture = await ErasureFixture.StartAsync(
            then.BaseUrl, options => (options.Store, options.Transport, options.BaseUrl) = (true, TransportChoice.Http, address));
        await RunAsync(fixture, then, "resp_1");
        var before = then.Requests;
        address = today.BaseUrl;
        await fixture.Host.RestartAsync();

        var evidence = await fixture.EraseAsync("ses_1");

        var response = Assert.Single(evidence.Responses);
        Assert.Equal(ErasureProofState.Failed, response.State);
        Assert.Contains(then.BaseUrl.Authority, response.Problem, StringComparison.Ordinal);
        Assert.Equal(before, then.Requests);
        Assert.Equal(0, today.Requests);
    }

    [Fact]
    public async Task Work_DemoUpstream_DeletesTheResponse()
    {
        await using var demo = await DemoUpstreamHost.StartAsync();
        await using var fixture = await ErasureFixture.StartAsync(demo.BaseAddress, options => (options.Store, options.Transport) = (true, TransportChoice.WebSocket));
        var run = await fixture.Host.StartRunAsync("Hello, who are you?");
        await fixture.Host.RestAsync(run.RunId);
        var id = (await fixture.ReadAsync(run.RunId)).First(runEvent => runEvent.ResponseId is not null).ResponseId;
        using var there = await demo.Http.GetAsync(new Uri($"responses/{id}", UriKind.Relative));
        Assert.Equal(System.Net.HttpStatusCode.OK, there.StatusCode);

        var evidence = await fixture.EraseAsync("ses_1");

        using var gone = await demo.Http.GetAsync(new Uri($"responses/{id}", UriKind.Relative));
        Assert.Equal(System.Net.HttpStatusCode.NotFound, gone.StatusCode);
        Assert.Equal(ErasureState.Forgotten, evidence.Request.State);
        Assert.Equal(200, Assert.Single(evidence.Responses).DeleteStatus);
        Assert.Equal(404, evidence.Responses[0].GetStatus);
    }

    internal static Task<ErasureFixture> StartAsync(ScriptedUpstream upstream) =>
        ErasureFixture.StartAsync(upstream.BaseUrl, options => (options.Store, options.Transport) = (true, TransportChoice.Http));

    internal static Task RunAsync(ErasureFixture fixture, ScriptedUpstream upstream, string responseId) =>
        RunAsync(fixture, upstream, responseId, "ses_1");

    internal static async Task RunAsync(ErasureFixture fixture, ScriptedUpstream upstream, string responseId, string sessionId)
    {
        var run = await fixture.Host.StartRunAsync("Hello", sessionId);
        var post = await upstream.NextPostAsync();
        await post.SendAsync(Frames.Answer(responseId, "Hi"));
        post.End();
        await fixture.Host.RestAsync(run.RunId);
    }

    /// <summary>Works once on what is due, while the upstream gives these answers in turn.</summary>
    internal static async Task<DateTimeOffset?> WorkAsync(
        ErasureFixture fixture, ScriptedUpstream upstream, params (string Method, int Status, string Body)[] answers)
    {
        var work = fixture.NewErasureWorker().WorkAsync(CancellationToken.None);
        foreach (var (method, status, body) in answers)
        {
            var asked = await upstream.NextPostAsync();
            Assert.Equal(method, asked.Request.Method);
            await asked.RespondAsync(status, "application/json", body);
        }

        return await work.Soon("the worker is done for now");
    }
}
