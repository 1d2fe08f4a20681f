using Copilot.Domain.Erasure;
using Copilot.Domain.Erasure.Records;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Transports;
using Copilot.Domain.Runs;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Erasure;

/// <summary>Deletion at the upstream over real HTTP, and what counts as proof.</summary>
public sealed class ErasureWorkerUpstreamTests
{
    private const string Deleted = """{"id":"resp_1","object":"response","deleted":true}""";
    private const string Stored = """{"id":"resp_1","object":"response","status":"completed"}""";
    private const string Unknown = """{"error":{"message":"Response with id 'resp_1' not found.","type":"invalid_request_error","param":null,"code":null}}""";
    private const string Broken = """{"error":{"message":"secret words","type":"server_error","param":null,"code":null}}""";

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
    public async Task Work_DeleteFailsTwice_IsRetriedWithGrowingDelays()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var fixture = await StartAsync(upstream);
        await RunAsync(fixture, upstream, "resp_1");
        var asked = await fixture.AskAsync("ses_1");

        var waits = new List<TimeSpan>();
        for (var failure = 1; failure <= 2; failure++)
        {
            var next = await WorkAsync(fixture, upstream, ("DELETE", 500, Broken));
            var response = Assert.Single((await fixture.FindRecordAsync(asked.Id)).Responses);
            Assert.Equal(ErasureProofState.Pending, response.State);
            Assert.Equal(500, response.DeleteStatus);
            Assert.Null(response.GetStatus);
            Assert.Equal(failure, response.Attempts);
            Assert.Equal("The upstream answered 500 (InternalServerError).", response.Problem);
            Assert.Equal(response.NextAt, next);
            waits.Add(next!.Value - fixture.Clock.GetUtcNow());

            // Not before its time.
            await fixture.NewErasureWorker().WorkAsync(CancellationToken.None).Soon("nothing is due");
            fixture.Clock.Advance(waits[^1] + TimeSpan.FromMilliseconds(1));
        }

        Assert.Null(await WorkAsync(fixture, upstream, ("DELETE", 200, Deleted), ("GET", 404, Unknown)));

        Assert.InRange(waits[0], fixture.Options.RetryDelay / 2, fixture.Options.RetryDelay);
        Assert.InRange(waits[1], fixture.Options.RetryDelay, fixture.Options.RetryDelay * 2);
        Assert.Equal(ErasureProofState.Verified, Assert.Single((await fixture.FindRecordAsync(asked.Id)).Responses).State);
    }

    [Fact]
    public async Task Work_DeletedAndStillThere_IsNotProven()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var fixture = await StartAsync(upstream);
        await RunAsync(fixture, upstream, "resp_1");
        var asked = await fixture.AskAsync("ses_1");

        await WorkAsync(fixture, upstream, ("DELETE", 200, Deleted), ("GET", 200, Stored));

        var evidence = await fixture.FindRecordAsync(asked.Id);
        var response = Assert.Single(evidence.Responses);
        Assert.Equal(ErasureState.Verifying, evidence.Request.State);
        Assert.Null(evidence.Request.FinishedAt);
        Assert.Equal(ErasureProofState.Pending, response.State);
        Assert.Equal(200, response.DeleteStatus);
        Assert.Equal(200, response.GetStatus);
        Assert.Null(response.VerifiedAt);

        for (var attempt = 2; attempt <= 5; attempt++)
        {
            fixture.Clock.Advance(fixture.Options.MaxRetryDelay);
            await WorkAsync(fixture, upstream, ("DELETE", 404, Unknown), ("GET", 200, Stored));
        }

        Assert.Equal(ErasureProofState.Failed, Assert.Single((await fixture.FindRecordAsync(asked.Id)).Responses).State);
        Assert.True(await fixture.People.RetryAsync(ErasureFixture.Owner, asked.Id, CancellationToken.None));
        await WorkAsync(fixture, upstream, ("DELETE", 404, Unknown), ("GET", 404, Unknown));
        Assert.Equal(ErasureState.Forgotten, (await fixture.FindRecordAsync(asked.Id)).Request.State);
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

    [Theory]
    [InlineData(404, "<html>nothing here</html>", "Upstream:BaseUrl")]
    [InlineData(404, """{"detail":"Not Found"}""", "Upstream:BaseUrl")]
    [InlineData(401, Broken, "Upstream:ApiKey")]
    [InlineData(405, "", "cannot delete")]
    public async Task Work_AnswerThatProvesNothing_FailsAtOnceAndIsRetried(int status, string body, string says)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var fixture = await StartAsync(upstream);
        await RunAsync(fixture, upstream, "resp_1");
        var asked = await fixture.AskAsync("ses_1");

        var next = await WorkAsync(fixture, upstream, ("DELETE", status, body));

        var response = Assert.Single((await fixture.FindRecordAsync(asked.Id)).Responses);
        Assert.Equal(ErasureProofState.Failed, response.State);
        Assert.Equal(status, response.DeleteStatus);
        Assert.Equal(1, response.Attempts);
        Assert.Contains(says, response.Problem, StringComparison.Ordinal);
        // The stored proof repeats neither the key nor the upstream's message.
        Assert.DoesNotContain("secret", response.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("test-key", response.Problem, StringComparison.Ordinal);
        fixture.Clock.Advance(next!.Value - fixture.Clock.GetUtcNow() + TimeSpan.FromMilliseconds(1));
        await WorkAsync(fixture, upstream, ("DELETE", 200, Deleted), ("GET", 404, "gone"));
        Assert.Equal(ErasureState.Forgotten, (await fixture.FindRecordAsync(asked.Id)).Request.State);
    }

    [Fact]
    public async Task Work_UpstreamUnavailable_ContinuesWhenItIsBack()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var fixture = await StartAsync(upstream);
        await RunAsync(fixture, upstream, "resp_1");
        await RunAsync(fixture, upstream, "resp_2");
        var asked = await fixture.AskAsync("ses_1");

        var work = fixture.NewErasureWorker().WorkAsync(CancellationToken.None);
        (await upstream.NextPostAsync()).Cut();
        var next = await work.Soon("the worker is done for now");

        // The second one was not even tried: it would have met the same.
        Assert.Equal([1, 0], (await fixture.FindRecordAsync(asked.Id)).Responses.Select(response => response.Attempts));
        Assert.Equal("The upstream could not be reached.", (await fixture.FindRecordAsync(asked.Id)).Responses[0].Problem);
        fixture.Clock.Advance(next!.Value - fixture.Clock.GetUtcNow() + TimeSpan.FromMilliseconds(1));
        await WorkAsync(fixture, upstream, ("DELETE", 200, Deleted), ("GET", 404, Unknown), ("DELETE", 200, Deleted), ("GET", 404, Unknown));
        Assert.Equal(ErasureState.Forgotten, (await fixture.FindRecordAsync(asked.Id)).Request.State);
    }

    [Fact]
    public async Task Work_UpstreamAsksToWait_WaitsThatLong()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var fixture = await StartAsync(upstream);
        await RunAsync(fixture, upstream, "resp_1");
        await fixture.AskAsync("ses_1");

        var work = fixture.NewErasureWorker().WorkAsync(CancellationToken.None);
        await (await upstream.NextPostAsync()).RespondAsync(429, "application/json", Broken, ("Retry-After", "120"));

        var next = await work.Soon("the worker is done for now");
        Assert.Equal(fixture.Clock.GetUtcNow().AddSeconds(120), next!.Value, TimeSpan.FromMilliseconds(1));
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

    private static Task<ErasureFixture> StartAsync(ScriptedUpstream upstream) =>
        ErasureFixture.StartAsync(upstream.BaseUrl, options => (options.Store, options.Transport) = (true, TransportChoice.Http));

    private static async Task RunAsync(ErasureFixture fixture, ScriptedUpstream upstream, string responseId)
    {
        var run = await fixture.Host.StartRunAsync("Hello");
        var post = await upstream.NextPostAsync();
        await post.SendAsync(Frames.Answer(responseId, "Hi"));
        post.End();
        await fixture.Host.RestAsync(run.RunId);
    }

    /// <summary>Works once on what is due, while the upstream gives these answers in turn.</summary>
    private static async Task<DateTimeOffset?> WorkAsync(
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
