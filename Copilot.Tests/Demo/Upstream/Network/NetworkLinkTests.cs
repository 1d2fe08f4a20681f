using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Copilot.Demo.Upstream.Network;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Upstream;
using Microsoft.Extensions.DependencyInjection;
using static Copilot.Tests.Demo.Upstream.EventReading;

namespace Copilot.Tests.Demo.Upstream.Network;

/// <summary>The network below real connections, on a clock that only the test moves. No jitter, no loss, no end to the bandwidth.</summary>
public sealed class NetworkLinkTests : IAsyncLifetime
{
    private static readonly NetworkProfile s_exact = new(
        "exact", TimeSpan.FromMilliseconds(100), TimeSpan.Zero, long.MaxValue, long.MaxValue, Loss: 0, ConnectRoundTrips: 2);

    private readonly ManualClock _clock = new();
    private DemoUpstreamHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await DemoUpstreamHost.StartAsync(_clock, tokensPerSecond: 0);
        _host.Services.GetRequiredService<DemoNetwork>().Profile = s_exact;
    }

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Socket_PaysForItsOpeningOnceAndThenHalfARoundTripEachWay()
    {
        var connecting = DemoSocket.ConnectAsync(_host);
        await PassAsync((2 * 100) + 50);
        Assert.False(connecting.IsCompleted);
        await PassAsync(50);
        using var socket = await connecting;

        for (var round = 0; round < 2; round++)
        {
            await socket.SendAsync(new JsonObject { ["type"] = "response.create", ["model"] = "demo", ["input"] = "Hello" });
            await PassAsync(50);

            var first = socket.ReadAsync();
            await PassAsync(49);
            Assert.False(first.IsCompleted);
            _clock.Advance(TimeSpan.FromMilliseconds(1));
            Assert.Equal("response.created", (await first)!.Value.Type());
            Assert.Equal("response.completed", (await InTimeAsync(socket.ReadResponseAsync()))[^1].Type());
        }
    }

    [Fact]
    public async Task Post_PaysForItsConnectionOnceAndForEveryRoundTrip()
    {
        for (var round = 0; round < 2; round++)
        {
            var posting = PostAsync();
            await PassAsync(round == 0 ? (2 * 100) + 50 : 50);
            await PassAsync(49);
            Assert.False(posting.IsCompleted);
            _clock.Advance(TimeSpan.FromMilliseconds(1));
            using var response = await posting;
            var text = await InTimeAsync(response.Content.ReadAsStringAsync());
            Assert.Contains("response.completed", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Get_OfWhatIsNotThere_PaysTheRoundTripToo()
    {
        var getting = _host.Http.GetAsync(new Uri("responses/resp_none", UriKind.Relative));
        await PassAsync((2 * 100) + 50);
        await PassAsync(50);

        Assert.Equal(HttpStatusCode.NotFound, (await getting).StatusCode);
    }

    [Fact]
    public async Task Profile_InTheMetadata_GoesBeforeTheProcessAndPaysForTheOpening()
    {
        _host.Services.GetRequiredService<DemoNetwork>().Profile = null;
        using var socket = await DemoSocket.ConnectAsync(_host);
        var request = new JsonObject
        {
            ["type"] = "response.create",
            ["model"] = "demo",
            ["input"] = "Hello",
            ["metadata"] = new JsonObject { ["demo.profile"] = "fiber" },
        };
        await socket.SendAsync(request);

        // 2 round trips to open, 1 to upgrade, half a one for the request: 70 ms and at most 3 × 2 ms of jitter.
        await PassAsync(70);
        Assert.Equal(1, _clock.ArmedTimers);
        Assert.Equal("response.completed", (await InTimeAsync(socket.ReadResponseAsync()))[^1].Type());
    }

    [Fact]
    public async Task Profile_InTheAddress_HoldsForTheUpgradeToo()
    {
        _host.Services.GetRequiredService<DemoNetwork>().Profile = null;
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {DemoUpstreamHost.Key}");
        var connecting = socket.ConnectAsync(new UriBuilder(_host.SocketAddress) { Query = "demo.profile=fiber" }.Uri, CancellationToken.None);
        await PassAsync(40);
        Assert.False(connecting.IsCompleted);
        await PassAsync(20);
        await PassAsync(20);
        await connecting.Soon("the upgrade");
    }

    [Fact]
    public async Task Profile_Unknown_IsRefused()
    {
        _host.Services.GetRequiredService<DemoNetwork>().Profile = null;
        using var socket = await DemoSocket.ConnectAsync(_host);
        var request = Request("Hello");
        request["metadata"] = new JsonObject { ["demo.profile"] = "dial-up" };

        Assert.Equal("metadata", (await socket.AskAsync(request)).Error().Text("param"));
    }

    // The one wait that is under way, and no other, gets that much time.
    private async Task PassAsync(int milliseconds)
    {
        await _clock.WhenTimersArmedAsync(1);
        _clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
    }

    // What is sent later is also due later, so time passes until the work is done.
    private async Task<T> InTimeAsync<T>(Task<T> work)
    {
        while (await Task.WhenAny(work, _clock.WhenTimersArmedAsync(1)) != work)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        return await work;
    }

    private async Task<HttpResponseMessage> PostAsync()
    {
        using var content = new StringContent("""{"model":"demo","input":"Hello","stream":true}""", Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("responses", UriKind.Relative)) { Content = content };
        return await _host.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
