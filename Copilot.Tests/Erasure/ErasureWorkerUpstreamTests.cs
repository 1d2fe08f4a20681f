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

    internal static async Task RunAsync(ErasureFixture fixture, ScriptedUpstream upstream, string responseId)
    {
        var run = await fixture.Host.StartRunAsync("Hello");
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
