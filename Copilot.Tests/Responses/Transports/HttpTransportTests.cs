using System.Text.Json;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Transports;
using Copilot.Tests.Responses.Connecting;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Responses.Transports;

public sealed class HttpTransportTests : IAsyncLifetime
{
    private ScriptedUpstream _upstream = null!;
    private UpstreamLeg _leg = null!;

    public async ValueTask InitializeAsync()
    {
        _upstream = await ScriptedUpstream.StartAsync();
        Use(_ => { });
    }

    public async ValueTask DisposeAsync()
    {
        await _leg.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task CreateResponse_Stream_YieldsToTheTerminalEvent()
    {
        await using var transport = await ConnectAsync();
        var reading = CollectAsync(transport, []);
        var post = await _upstream.NextPostAsync();
        await post.SendAsync(ShortFrames.Created("resp_1"), ShortFrames.Delta("Hi"), "[DONE]", ShortFrames.Completed("resp_1"), "[DONE]");
        post.End();

        Assert.Equal(["response.created", "response.output_text.delta", "response.completed"], (await reading).Select(e => e.Type));
        Assert.Equal("/v1/responses", post.Request.Path);
        Assert.Equal("Bearer " + UpstreamLeg.Key, post.Request.Headers.Authorization);
        var body = JsonDocument.Parse(post.Body).RootElement;
        Assert.True(body.GetProperty("stream").GetBoolean());
        Assert.False(body.TryGetProperty("type", out _));
    }

    [Fact]
    public async Task CreateResponse_OneDocument_YieldsItsTerminalEvent()
    {
        await using var transport = await ConnectAsync();
        var reading = CollectAsync(transport, []);
        const string document = """{"id":"resp_1","status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},"output":[],"error":null}""";
        await (await _upstream.NextPostAsync()).RespondAsync(200, "application/json; charset=utf-8", document);
        var last = Assert.IsType<ResponseLifecycleEvent>(Assert.Single(await reading));
        Assert.Equal("response.incomplete", last.Type);
        Assert.Equal("max_output_tokens", last.Response.IncompleteReason);
        Assert.Equal($$"""{"type":"response.incomplete","response":{{document}}}""", System.Text.Encoding.UTF8.GetString(last.Json.Span));
    }

    [Fact]
    public async Task CreateResponse_ErrorDocumentWith200_YieldsTheError()
    {
        await using var transport = await ConnectAsync();
        var reading = CollectAsync(transport, []);
        await (await _upstream.NextPostAsync()).RespondAsync(200, "application/json", """{"error":{"message":"No.","code":"nope"}}""");
        var error = Assert.IsType<ResponseErrorEvent>(Assert.Single(await reading)).Error;
        Assert.Equal("nope", error.Code);
        Assert.Equal("No.", error.Message);
    }

    [Fact]
    public async Task CreateResponse_RefusedWithJson_CarriesTheError()
    {
        var error = await RefusedAsync(
            429, "application/json", """{"error":{"message":"Slow down.","type":"rate_limit_error","code":"rate_limit_exceeded"}}""", ("Retry-After", "3"));
        Assert.Equal(TransportFailure.Refused, error.Failure);
        Assert.Equal(429, error.HttpStatus);
        Assert.Equal(TimeSpan.FromSeconds(3), error.RetryAfter);
        Assert.Equal("rate_limit_exceeded", error.Error!.Code);
        Assert.Equal("Slow down.", error.Message);
    }

    [Fact]
    public async Task CreateResponse_RefusedWithHtml_ReportsTheTitle()
    {
        var error = await RefusedAsync(403, "text/html", "<html><head><title>Access  &amp; denied</title></head><body>x</body></html>");
        Assert.Equal("The upstream answered with status 403: Access & denied", error.Message);
        Assert.DoesNotContain(UpstreamLeg.Key, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CreateResponse_Redirected_IsNotFollowed()
    {
        await using var elsewhere = await ScriptedUpstream.StartAsync();
        var error = await RefusedAsync(307, "text/plain", "", ("Location", elsewhere.BaseUrl + "/responses"));
        Assert.Equal(TransportFailure.Refused, error.Failure);
        Assert.Equal(307, error.HttpStatus);
        Assert.Equal(0, elsewhere.Requests);
    }

    [Fact]
    public async Task CreateResponse_PageInsteadOfEvents_IsAProtocolError()
    {
        var error = await RefusedAsync(200, "text/html", "<p>Please sign in</p>");
        Assert.Equal(TransportFailure.Protocol, error.Failure);
        Assert.Equal("The upstream answered with something that is not a response: Please sign in", error.Message);
    }

    [Fact]
    public async Task CreateResponse_StreamEndsWithoutTerminalEvent_IsLost()
    {
        await using var transport = await ConnectAsync();
        var seen = new List<ResponseEvent>();
        var reading = CollectAsync(transport, seen);
        var post = await _upstream.NextPostAsync();
        await post.SendAsync(ShortFrames.Created("resp_1"));
        post.End();
        var error = await Assert.ThrowsAsync<TransportException>(() => reading);
        Assert.Equal(TransportFailure.Lost, error.Failure);
        Assert.True(error.MayHaveBeenSent);
        Assert.Single(seen);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CreateResponse_ConnectionCut_IsLost(bool beforeTheAnswer)
    {
        await using var transport = await ConnectAsync();
        var reading = CollectAsync(transport, []);
        var post = await _upstream.NextPostAsync();
        if (!beforeTheAnswer)
        {
            await post.SendAsync(ShortFrames.Created("resp_1"));
        }

        post.Cut();
        var error = await Assert.ThrowsAsync<TransportException>(() => reading);
        Assert.Equal(TransportFailure.Lost, error.Failure);
        Assert.True(error.MayHaveBeenSent);
    }

    [Fact]
    public async Task CreateResponse_NoFirstSign_TimesOut()
    {
        await _leg.DisposeAsync();
        // Long enough for the request to arrive on a loaded machine, whose arrival is awaited below.
        Use(options => options.FirstEventTimeout = TimeSpan.FromSeconds(2));
        await using var transport = await ConnectAsync();
        var reading = CollectAsync(transport, []);
        var post = await _upstream.NextPostAsync();
        var error = await Assert.ThrowsAsync<TransportException>(() => reading);
        Assert.Equal(TransportFailure.FirstEventTimeout, error.Failure);
        Assert.True(error.MayHaveBeenSent);
        await post.AbandonedAsync();
        post.End();
    }

    [Fact]
    public async Task CreateResponse_CommentsForLongerThanTheFirstEventTimeout_IsWaitedForAndSentOnce()
    {
        await _leg.DisposeAsync();
        var clock = new ManualClock();
        _leg = UpstreamLeg.To(
            _upstream.BaseUrl,
            options =>
            {
                options.Transport = TransportChoice.Http;
                (options.FirstEventTimeout, options.StallTimeout) = (TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(15));
            },
            clock);
        await using var transport = await ConnectAsync();
        var reading = CollectAsync(transport, []);
        var post = await _upstream.NextPostAsync();
        for (var comment = 0; comment < 6; comment++)
        {
            // Whoever has read something waits anew for the next.
            var read = clock.WhenTimersArmedAsync(0);
            await post.SendCommentAsync();
            await read;
            await clock.WhenTimersArmedAsync(1);
            clock.Advance(TimeSpan.FromSeconds(12));
        }

        await post.SendAsync(ShortFrames.Completed("resp_1"));
        post.End();

        Assert.Equal("response.completed", Assert.Single(await reading).Type);
        Assert.Equal(1, _upstream.Requests);
    }

    [Fact]
    public async Task CreateResponse_SilentInItsMiddle_IsTheStallTimeout()
    {
        await _leg.DisposeAsync();
        // The headers are a sign of life: the first time-out is the shorter one and does not fire any more.
        Use(options => (options.FirstEventTimeout, options.StallTimeout) = (TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3)));
        await using var transport = await ConnectAsync();
        var reading = CollectAsync(transport, []);
        var post = await _upstream.NextPostAsync();
        await post.SendAsync();
        var error = await Assert.ThrowsAsync<TransportException>(() => reading);
        Assert.Equal(TransportFailure.StallTimeout, error.Failure);
        Assert.Equal(UpstreamTimeout.Stall, error.Timeout);
        Assert.Equal("The upstream sent nothing for 3 s in the middle of the response.", error.Message);
        post.End();
    }

    [Fact]
    public async Task CreateResponse_Cancelled_GivesTheRequestUpAndCanBeUsedAgain()
    {
        await using var transport = await ConnectAsync();
        using var cancel = new CancellationTokenSource();
        var reader = transport.CreateResponseAsync(UpstreamLeg.Request(transport, "hello"), cancel.Token).GetAsyncEnumerator();
        var first = reader.MoveNextAsync().AsTask();
        var post = await _upstream.NextPostAsync();
        await post.SendAsync(ShortFrames.Created("resp_1"));
        Assert.True(await first.Soon("the first event"));
        var second = reader.MoveNextAsync().AsTask();
        await cancel.CancelAsync();
        var thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second.Soon("the cancelled read"));
        Assert.Equal(cancel.Token, thrown.CancellationToken);
        await reader.DisposeAsync();
        await post.AbandonedAsync();
        post.End();

        var again = CollectAsync(transport, []);
        post = await _upstream.NextPostAsync();
        await post.SendAsync(ShortFrames.Completed("resp_2"));
        post.End();
        Assert.Single(await again);
    }

    [Fact]
    public async Task CreateResponse_EventOverTheCap_IsTooLarge()
    {
        await _leg.DisposeAsync();
        Use(options => options.MaxEventBytes = 32_768);
        await using var transport = await ConnectAsync();
        var reading = CollectAsync(transport, []);
        var post = await _upstream.NextPostAsync();
        await post.SendAsync([.. Enumerable.Repeat(ShortFrames.Delta(new string('y', 9_000)), 8), ShortFrames.Delta(new string('x', 40_000))]);
        Assert.Equal(TransportFailure.TooLarge, (await Assert.ThrowsAsync<TransportException>(() => reading)).Failure);
        post.End();
    }

    [Fact]
    public async Task CreateResponse_RecordThatIsNoEvent_IsAProtocolError()
    {
        await using var transport = await ConnectAsync();
        var reading = CollectAsync(transport, []);
        var post = await _upstream.NextPostAsync();
        await post.SendAsync("no json");
        Assert.Equal(TransportFailure.Protocol, (await Assert.ThrowsAsync<TransportException>(() => reading)).Failure);
        post.End();
    }

    [Fact]
    public async Task CreateResponse_NothingListens_IsUnreachable()
    {
        await using var transport = await ConnectAsync();
        await _upstream.DisposeAsync();
        var error = await Assert.ThrowsAsync<TransportException>(() => CollectAsync(transport, []));
        Assert.Equal(TransportFailure.Unreachable, error.Failure);
        Assert.False(error.MayHaveBeenSent);
    }

    [Fact]
    public async Task CreateResponse_ContinuationThatIsNotStored_IsRefused()
    {
        await using var transport = await ConnectAsync();
        var hello = UpstreamLeg.Request(transport, "hello").Request;
        var request = UpstreamLeg.Prepare(TransportKind.Http, hello with { PreviousResponseId = "resp_0" });
        await Assert.ThrowsAsync<ArgumentException>(async () => await transport.CreateResponseAsync(request, CancellationToken.None).GetAsyncEnumerator().MoveNextAsync());
        Assert.Equal(0, _upstream.Requests);
    }

    [Fact]
    public async Task Ended_Disposed_Completes()
    {
        var transport = await ConnectAsync();
        Assert.False(transport.Ended.IsCompleted);
        await transport.DisposeAsync();
        Assert.Equal(new TransportEnd(TransportEndReason.Closed, null, null), await transport.Ended);
    }

    private void Use(Action<UpstreamOptions> configure) => _leg = UpstreamLeg.To(_upstream.BaseUrl, options =>
    {
        options.Transport = TransportChoice.Http;
        configure(options);
    });

    private Task<IResponsesTransport> ConnectAsync() => _leg.ConnectAsync(CancellationToken.None);

    private async Task<TransportException> RefusedAsync(int status, string contentType, string body, params (string Name, string Value)[] headers)
    {
        await using var transport = await ConnectAsync();
        var reading = CollectAsync(transport, []);
        await (await _upstream.NextPostAsync()).RespondAsync(status, contentType, body, headers);
        return await Assert.ThrowsAsync<TransportException>(() => reading);
    }

    private static async Task<List<ResponseEvent>> CollectAsync(IResponsesTransport transport, List<ResponseEvent> events)
    {
        await ReadAsync().Soon("the response ends");
        return events;

        async Task ReadAsync()
        {
            await foreach (var received in transport.CreateResponseAsync(UpstreamLeg.Request(transport, "hello"), CancellationToken.None))
            {
                events.Add(received);
            }
        }
    }
}
