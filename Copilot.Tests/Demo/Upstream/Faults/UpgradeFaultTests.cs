using System.Net;
using System.Net.WebSockets;
using Copilot.Demo.Upstream.Faults;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Upstream;
using Microsoft.Extensions.DependencyInjection;
using static Copilot.Tests.Demo.Upstream.EventReading;

namespace Copilot.Tests.Demo.Upstream.Faults;

public sealed class UpgradeFaultTests : IAsyncLifetime
{
    private DemoUpstreamHost _host = null!;

    private DemoFaults Faults => _host.Services.GetRequiredService<DemoFaults>();

    public async ValueTask InitializeAsync() => _host = await DemoUpstreamHost.StartAsync();

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData("upgrade_200_html", 200, null)]
    [InlineData("upgrade_401", 401, null)]
    [InlineData("upgrade_403_html", 403, null)]
    [InlineData("upgrade_426", 426, null)]
    [InlineData("upgrade_429", 429, "7")]
    [InlineData("upgrade_500", 500, null)]
    [InlineData("upgrade_503", 503, "7")]
    [InlineData("upgrade_redirect", 307, null)]
    public async Task Upgrade_Refused_OnceThenAccepted(string fault, int status, string? retryAfter)
    {
        Faults.Inject(new DemoFault { Fault = fault, Times = 1, Seconds = 7 });
        using var refused = NewSocket();
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler { AllowAutoRedirect = false });

        await Assert.ThrowsAsync<WebSocketException>(() => refused.ConnectAsync(_host.SocketAddress, invoker, CancellationToken.None));

        Assert.Equal((HttpStatusCode)status, refused.HttpStatusCode);
        Assert.Equal(retryAfter, refused.HttpResponseHeaders!.TryGetValue("Retry-After", out var values) ? values.Single() : null);
        Assert.Equal(1, Faults.TimesApplied(fault));
        Assert.Empty(Faults.Requests);
        using var accepted = await DemoSocket.ConnectAsync(_host);
        Assert.Equal("response.completed", (await accepted.AskAsync(Request("Hello")))[^1].Type());
    }

    [Fact]
    public async Task Upgrade_Swallowed_IsNeverAnswered()
    {
        Faults.Inject(new DemoFault { Fault = "upgrade_hang", Times = 1 });
        using var socket = NewSocket();
        using var patience = new CancellationTokenSource();
        var struck = new TaskCompletionSource();
        Faults.Changed += () => struck.TrySetResult();
        var connecting = socket.ConnectAsync(_host.SocketAddress, patience.Token);
        await struck.Task.Soon("the upgrade to be swallowed");

        // Another upgrade that is answered meanwhile shows that this one is not just slow.
        using var other = await DemoSocket.ConnectAsync(_host);
        Assert.False(connecting.IsCompleted);

        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);
    }

    [Fact]
    public async Task Upgrade_Reset_FailsWithoutAStatus()
    {
        Faults.Inject(new DemoFault { Fault = "upgrade_reset", Times = 1 });
        using var socket = NewSocket();

        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(_host.SocketAddress, CancellationToken.None));

        Assert.Equal(default, socket.HttpStatusCode);
    }

    [Theory]
    [InlineData("open_close_1000", 1000)]
    [InlineData("open_close_1008", 1008)]
    public async Task Upgrade_AcceptedAndClosed_HasTheCode(string fault, int code)
    {
        Faults.Inject(new DemoFault { Fault = fault, Times = 1 });
        using var socket = await DemoSocket.ConnectAsync(_host);

        Assert.Null(await socket.ReadAsync());
        Assert.Equal(code, (int)socket.Socket.CloseStatus!.Value);
    }

    [Fact]
    public async Task Upgrade_AcceptedAndGone_HasNoCloseFrame()
    {
        Faults.Inject(new DemoFault { Fault = "open_close_1006", Times = 1 });
        using var socket = await DemoSocket.ConnectAsync(_host);

        var lost = await Assert.ThrowsAsync<WebSocketException>(() => socket.ReadAsync());
        Assert.Equal(WebSocketError.ConnectionClosedPrematurely, lost.WebSocketErrorCode);
    }

    [Fact]
    public async Task Upgrade_AcceptedAndSilent_AnswersNothingButTheClose()
    {
        Faults.Inject(new DemoFault { Fault = "open_silence", Times = 1 });
        using var socket = await DemoSocket.ConnectAsync(_host);
        var request = Request("Hello");
        request["type"] = "response.create";
        await socket.SendAsync(request);
        await socket.Socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);

        Assert.Null(await socket.ReadAsync());
    }

    [Fact]
    public async Task Upgrade_RequestedInTheAddress_AffectsThatAddressOnly()
    {
        var address = new UriBuilder(_host.SocketAddress) { Query = "demo.fault=upgrade_426&demo.fault_times=2" }.Uri;
        for (var attempt = 0; attempt < 2; attempt++)
        {
            using var refused = NewSocket();
            await Assert.ThrowsAsync<WebSocketException>(() => refused.ConnectAsync(address, CancellationToken.None));
            Assert.Equal(HttpStatusCode.UpgradeRequired, refused.HttpStatusCode);
            using var other = await DemoSocket.ConnectAsync(_host);
        }

        using var accepted = NewSocket();
        await accepted.ConnectAsync(address, CancellationToken.None);
        Assert.Equal(WebSocketState.Open, accepted.State);
    }

    [Fact]
    public async Task Upgrade_RequestedByMetadata_IsRefusedAndStrikesNobody()
    {
        using var socket = await DemoSocket.ConnectAsync(_host);
        await socket.SendAsync(FaultyRequest.Of("upgrade_401", key: "upgrades", ("demo.fault_times", "100")));
        var refused = (await socket.ReadResponseAsync()).Error();

        Assert.Equal("metadata", refused.Text("param"));
        Assert.Contains("upgrade_401", refused.Text("message"), StringComparison.Ordinal);
        Assert.Empty(Faults.Requests);
        using var other = await DemoSocket.ConnectAsync(_host);
        Assert.Equal("response.completed", (await other.AskAsync(Request("Hello")))[^1].Type());
        Assert.Equal("response.completed", (await socket.AskAsync(Request("Hello")))[^1].Type());
    }

    [Fact]
    public async Task Faults_RequestedByMetadata_LeaveOtherRequestsAlone()
    {
        using var socket = await DemoSocket.ConnectAsync(_host);
        foreach (var kind in DemoFaultCatalog.All.Where(kind => kind.Place == DemoFaultStage.Response && kind.Transport is null))
        {
            using var faulty = await DemoSocket.ConnectAsync(_host);
            await faulty.SendAsync(FaultyRequest.Of(kind.Name, key: "", ("demo.fault_times", "100")));

            Assert.Equal("response.completed", (await socket.AskAsync(Request("Hello")))[^1].Type());
        }

        Assert.Empty(Faults.Requests);
    }

    private static ClientWebSocket NewSocket()
    {
        var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.SetRequestHeader("Authorization", $"Bearer {DemoUpstreamHost.Key}");
        return socket;
    }
}
