using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Responses.Sessions;
using Copilot.Domain.Responses.Transports;
using Copilot.Tests.Responses.Connecting;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Responses.Transports;

/// <summary>A session, and both ways to an upstream.</summary>
public abstract class BothTransportsScene : IAsyncLifetime
{
    private protected readonly ResponsesSession _session = new();
    private protected ScriptedUpstream _upstream = null!;
    private protected UpstreamLeg _sockets = null!;
    private protected UpstreamLeg _posts = null!;

    public async ValueTask InitializeAsync()
    {
        _upstream = await ScriptedUpstream.StartAsync();
        _sockets = UpstreamLeg.To(_upstream.BaseUrl, options => options.Transport = TransportChoice.WebSocket);
        _posts = UpstreamLeg.To(_upstream.BaseUrl, options => options.Transport = TransportChoice.Http);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _sockets.DisposeAsync();
        await _posts.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    private protected static Task<IResponsesTransport> OpenAsync(UpstreamLeg leg) => leg.ConnectAsync(CancellationToken.None).Soon("the transport opens");

    /// <summary>Sends what was planned, and gives its frame once the response to it has ended.</summary>
    private protected static async Task<string> SendAsync(IResponsesTransport transport, ScriptedSocket socket, ResponsePlan plan, string responseId)
    {
        var reading = ReadAsync(transport, plan.Prepared);
        var frame = await socket.ReceiveAsync();
        await socket.SendAsync(ShortFrames.Completed(responseId));
        await reading.Soon("the response ends");
        return frame;
    }

    private protected static async Task ReadAsync(IResponsesTransport transport, PreparedRequest request)
    {
        await foreach (var received in transport.CreateResponseAsync(request, CancellationToken.None))
        {
            Assert.True(received.IsTerminal);
        }
    }
}
