using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Connecting;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Transports;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Upstream;
using Microsoft.AspNetCore.Http;

namespace Copilot.Tests.Responses.Connecting;

public sealed class UpstreamConnectorTests : IAsyncLifetime
{
    private ScriptedUpstream _upstream = null!;

    public async ValueTask InitializeAsync() => _upstream = await ScriptedUpstream.StartAsync();

    public async ValueTask DisposeAsync() => await _upstream.DisposeAsync();

    [Fact]
    public async Task Connect_Auto_OpensTheSocket()
    {
        await using var leg = UpstreamLeg.To(new Uri(_upstream.BaseUrl + "?api-version=preview&key=secret"), _ => { });
        await using var transport = await leg.ConnectAsync(CancellationToken.None);
        var socket = await _upstream.NextSocketAsync();
        Assert.Equal(TransportKind.WebSocket, transport.Kind);
        Assert.Equal("/v1/responses", socket.Request.Path);
        Assert.Equal("?api-version=preview&key=secret", socket.Request.Query);
        Assert.Collection(
            leg.Notices,
            notice =>
            {
                var connecting = Assert.IsType<ConnectNotice.Connecting>(notice);
                Assert.Equal($"ws://{_upstream.BaseUrl.Authority}/v1/responses", connecting.Endpoint.AbsoluteUri);
            },
            notice => Assert.Equal(TransportKind.WebSocket, Assert.IsType<ConnectNotice.Connected>(notice).Kind));
    }

    [Theory]
    [InlineData(426, "the socket was refused with status 426")]
    [InlineData(403, "the socket was refused with status 403")]
    [InlineData(301, "the socket was redirected with status 301")]
    [InlineData(0, "the socket could not be opened")]
    [InlineData(-1, "the socket did not open in time")]
    public async Task Connect_AutoWithoutSocket_FallsBackWithTheReason(int status, string reason)
    {
        _upstream.OnUpgrade = status switch
        {
            0 => ScriptedUpstream.Cut,
            -1 => ScriptedUpstream.Hang,
            _ => ScriptedUpstream.Refuse(status, "no"),
        };
        await using var leg = UpstreamLeg.To(_upstream.BaseUrl, options =>
        {
            options.ConnectTimeout = status == -1 ? TimeSpan.FromMilliseconds(100) : options.ConnectTimeout;
        });
        await using var transport = await leg.ConnectAsync(CancellationToken.None);
        Assert.Equal(TransportKind.Http, transport.Kind);
        Assert.Equal(
            [typeof(ConnectNotice.Connecting), typeof(ConnectNotice.FellBack), typeof(ConnectNotice.Connecting), typeof(ConnectNotice.Connected)],
            leg.Notices.Select(notice => notice.GetType()));
        Assert.Equal(new ConnectNotice.FellBack(TransportKind.WebSocket, TransportKind.Http, reason, status == -1 ? UpstreamTimeout.Connect : null), leg.Notices[1]);
        Assert.Equal(1, _upstream.Upgrades);
    }

    [Theory]
    [InlineData(TransportChoice.Auto, 401)]
    [InlineData(TransportChoice.WebSocket, 426)]
    public async Task Connect_WhereFallingBackIsWrong_Throws(TransportChoice choice, int status)
    {
        _upstream.OnUpgrade = ScriptedUpstream.Refuse(status, """{"error":{"message":"Incorrect API key provided."}}""");
        await using var leg = UpstreamLeg.To(_upstream.BaseUrl, options => options.Transport = choice);
        var error = await Assert.ThrowsAsync<TransportException>(() => leg.ConnectAsync(CancellationToken.None));
        Assert.Equal(TransportFailure.Refused, error.Failure);
        Assert.Equal(status, error.HttpStatus);
        Assert.Equal(typeof(ConnectNotice.Connecting), Assert.Single(leg.Notices).GetType());
    }

    [Fact]
    public async Task Connect_Http_NeverTriesTheSocket()
    {
        await using var leg = UpstreamLeg.To(_upstream.BaseUrl, options => options.Transport = TransportChoice.Http);
        await using var transport = await leg.ConnectAsync(CancellationToken.None);
        Assert.Equal(TransportKind.Http, transport.Kind);
        Assert.Equal(0, _upstream.Requests);
    }

    [Fact]
    public async Task Connect_CancelledWhileTheSocketHangs_DoesNotFallBack()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _upstream.OnUpgrade = context =>
        {
            asked.SetResult();
            return ScriptedUpstream.Hang(context);
        };
        await using var leg = UpstreamLeg.To(_upstream.BaseUrl, _ => { });
        using var cancel = new CancellationTokenSource();
        var connecting = leg.ConnectAsync(cancel.Token);
        await asked.Task.Soon("the upgrade is asked for");
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting.Soon("the cancelled connect"));
        Assert.Single(leg.Notices);
    }

    [Fact]
    public async Task Connect_NoUpstreamConfigured_NamesTheSetting()
    {
        await using var leg = UpstreamLeg.To(_upstream.BaseUrl, options => options.BaseUrl = null);
        var error = await Assert.ThrowsAsync<TransportException>(() => leg.ConnectAsync(CancellationToken.None));
        Assert.Contains("Upstream:BaseUrl", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TransportChoice.WebSocket)]
    [InlineData(TransportChoice.Http)]
    public async Task Create_KeyHeaderAndMoreHeaders_AreSentAsTheyAre(TransportChoice choice)
    {
        await using var leg = UpstreamLeg.To(_upstream.BaseUrl, options =>
        {
            (options.Transport, options.ApiKeyHeader) = (choice, "api-key");
            options.Headers["OpenAI-Project"] = "proj_1";
        });
        await using var transport = await leg.ConnectAsync(CancellationToken.None);
        var reading = UpstreamLeg.CollectAsync(transport, "hello");
        IHeaderDictionary headers;
        if (choice is TransportChoice.WebSocket)
        {
            var socket = await _upstream.NextSocketAsync();
            await socket.ReceiveAsync();
            headers = socket.Request.Headers;
            await socket.SendAsync(ShortFrames.Completed("resp_1"));
        }
        else
        {
            var post = await _upstream.NextPostAsync();
            headers = post.Request.Headers;
            await post.SendAsync(ShortFrames.Completed("resp_1"));
            post.End();
        }

        await reading;
        Assert.Equal(UpstreamLeg.Key, headers["api-key"].ToString());
        Assert.Equal("proj_1", headers["OpenAI-Project"].ToString());
        Assert.False(headers.ContainsKey("Authorization"));
    }

    [Theory]
    [InlineData("https://api.openai.com/v1", TransportKind.WebSocket, "wss://api.openai.com/v1/responses")]
    [InlineData("https://api.openai.com/v1/", TransportKind.Http, "https://api.openai.com/v1/responses")]
    [InlineData("http://localhost:8080/v1?a=b", TransportKind.WebSocket, "ws://localhost:8080/v1/responses?a=b")]
    [InlineData("wss://host/openai/v1", TransportKind.Http, "https://host/openai/v1/responses")]
    [InlineData("http://localhost", TransportKind.Http, "http://localhost/responses")]
    [InlineData("https://res.openai.azure.com/openai/v1/responses/", TransportKind.WebSocket, "wss://res.openai.azure.com/openai/v1/responses")]
    [InlineData("https://res.openai.azure.com/openai/responses?api-version=preview", TransportKind.Http, "https://res.openai.azure.com/openai/responses?api-version=preview")]
    public void EndpointOf_BaseUrl_GetsItsSchemeAndPath(string baseUrl, TransportKind kind, string expected) =>
        Assert.Equal(expected, UpstreamHttp.EndpointOf(new Uri(baseUrl), kind).AbsoluteUri);

    [Fact]
    public void Shown_Endpoint_HidesWhatMayBeSecret() =>
        Assert.Equal("https://host:444/v1/responses", UpstreamHttp.ForDisplay(new Uri("https://user:pass@host:444/v1/responses?key=1#f")).AbsoluteUri);

    [Fact]
    public void ToString_Endpoint_HidesTheKey() =>
        Assert.DoesNotContain("sk-1", new UpstreamEndpoint(new Uri("https://host/v1"), "sk-1", IsDemo: false).ToString(), StringComparison.Ordinal);
}
