using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Copilot.Demo.Upstream.Answering;
using Copilot.Demo.Upstream.Faults;
using Copilot.Demo.Upstream.Faults.Applied;
using Copilot.Demo.Upstream.Http;
using Copilot.Demo.Upstream.Network;
using Copilot.Demo.Upstream.Storing;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace Copilot.Demo.Upstream.WebSockets;

/// <summary>Accepts the upgrades of WebSocket mode and serves each connection until it ends.</summary>
internal sealed class WebSocketResponses(
    ResponseEngine engine,
    ResponseStore store,
    DemoFaults faults,
    DemoNetwork network,
    IOptionsMonitor<DemoUpstreamOptions> options,
    TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<SocketConnection> logger)
{
    private const string AcceptSuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    // As UseWebSockets would do: an unsolicited pong now and then keeps middleboxes from closing the connection.
    private static readonly TimeSpan s_keepAlive = TimeSpan.FromMinutes(2);

    public async Task<IResult> ServeAsync(HttpContext context)
    {
        var fault = faults.Next(DemoFaultStage.Upgrade, RequestTransport.WebSocket, UpgradeFaults.RequestedBy(context.Request), scope: string.Empty);
        if (fault is not null && fault.Apply())
        {
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
            if (await UpgradeFaults.RefuseAsync(context, fault, time, ending.Token) is { } refusal)
            {
                return refusal;
            }
        }
        else
        {
            fault = null;
        }

        var link = ShapedEndpoint.LinkOf(context);
        if (link is not null)
        {
            await link.UntilAsync(link.ResponseArrival(NetworkLink.ResponseHeaderBytes), context.RequestAborted);
        }

        await using var stream = new SocketStream(await UpgradeAsync(context));
        using var socket = WebSocket.CreateFromStream(
            stream, new WebSocketCreationOptions { IsServer = true, KeepAliveInterval = s_keepAlive });
        await using var line = new SocketLine(socket, stream, context.RequestAborted);
        var connection = new SocketConnection(
            socket, line, metadata => network.LinkOf(context, link, metadata), engine, store, faults, options.CurrentValue, time, logger);
        if (UpgradeFaults.EndOf(fault) is { } end)
        {
            line.End(end);
        }

        if (await connection.RunAsync(silent: fault?.Name == "open_silence", lifetime.ApplicationStopping, context.RequestAborted) == SocketEnd.Reset)
        {
            ConnectionReset.AtTheEnd(context);
        }

        return Results.Empty;
    }

    // Done by hand, because the faults need the bytes below the socket.
    private static async Task<Stream> UpgradeAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true } connect)
        {
            return await connect.AcceptAsync();
        }

        var key = context.Request.Headers.SecWebSocketKey.ToString();
#pragma warning disable CA5350 // RFC 6455 names SHA-1; it protects nothing here.
        var accept = SHA1.HashData(Encoding.ASCII.GetBytes(key + AcceptSuffix));
#pragma warning restore CA5350
        context.Response.Headers.Connection = "Upgrade";
        context.Response.Headers.Upgrade = "websocket";
        context.Response.Headers.SecWebSocketAccept = Convert.ToBase64String(accept);
        return await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
    }
}
