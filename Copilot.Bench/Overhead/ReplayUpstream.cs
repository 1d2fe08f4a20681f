using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Copilot.Bench.Overhead;

/// <summary>
/// An upstream that costs next to nothing: it answers each request on a socket with the recorded frames of the next response, in one
/// write, ignoring the request. It runs in a separate process, so that its work is not counted as the product's.
/// </summary>
internal static class ReplayUpstream
{
    /// <summary>The hidden command that serves.</summary>
    public const string Command = "replay-upstream";

    /// <summary>Serves until the standard input ends, which happens when the parent exits.</summary>
    /// <param name="recording">The file of <see cref="FrameFile"/>.</param>
    public static async Task ServeAsync(string recording)
    {
        await using var application = await StartAsync(recording, static _ => { });
        await Console.Out.WriteLineAsync(AddressOf(application));
        await Console.In.ReadToEndAsync();
        await application.StopAsync();
    }

    /// <summary>Starts it in this process.</summary>
    /// <param name="recording">The file of <see cref="FrameFile"/>.</param>
    /// <param name="onRequest">Called with every request.</param>
    public static async Task<WebApplication> StartAsync(string recording, Action<byte[]> onRequest)
    {
        var responses = FrameFile.Read(recording).Select(frames => frames.SelectMany(Frame).ToArray()).ToArray();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var application = builder.Build();
        application.Run(context => AnswerAsync(context, responses, onRequest));
        await application.StartAsync();
        return application;
    }

    /// <summary>Where it listens.</summary>
    public static string AddressOf(WebApplication application) =>
        application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    private static async Task AnswerAsync(HttpContext context, byte[][] responses, Action<byte[]> onRequest)
    {
        var upgrade = context.Features.Get<IHttpUpgradeFeature>();
        if (upgrade is not { IsUpgradableRequest: true })
        {
            context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            return;
        }

        context.Response.Headers.Connection = "Upgrade";
        context.Response.Headers.Upgrade = "websocket";
        context.Response.Headers.SecWebSocketAccept = Accept(context.Request.Headers.SecWebSocketKey!);
        await using var stream = await upgrade.UpgradeAsync();
        using var socket = WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true, KeepAliveInterval = TimeSpan.Zero });
        var buffer = new byte[64 * 1024];
        var length = 0;
        for (var next = 0; ;)
        {
            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }

            var received = await socket.ReceiveAsync(buffer.AsMemory(length), context.RequestAborted);
            if (received.MessageType is WebSocketMessageType.Close)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
                return;
            }

            length += received.Count;
            if (received.EndOfMessage)
            {
                onRequest(buffer[..length]);
                length = 0;
                await stream.WriteAsync(responses[next++ % responses.Length], context.RequestAborted);
            }
        }
    }

    /// <summary>One unmasked text frame.</summary>
    private static byte[] Frame(byte[] payload) => payload.Length switch
    {
        < 126 => [0x81, (byte)payload.Length, .. payload],
        <= ushort.MaxValue => [0x81, 126, (byte)(payload.Length >> 8), (byte)payload.Length, .. payload],
        _ => [0x81, 127, 0, 0, 0, 0, (byte)(payload.Length >> 24), (byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length, .. payload],
    };

#pragma warning disable CA5350 // RFC 6455 asks for SHA-1 here; nothing is protected by it.
    private static string Accept(string key) =>
        Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
}
