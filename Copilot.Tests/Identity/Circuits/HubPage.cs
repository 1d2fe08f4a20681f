using System.Net.WebSockets;
using System.Text;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;

namespace Copilot.Tests.Identity.Circuits;

/// <summary>A page's connection without a page: a socket that speaks the framework's protocol (MessagePack, each message behind its length).</summary>
internal sealed class HubPage : IAsyncDisposable
{
    private const byte Completion = 3;
    private const byte Nil = 0xc0;

    private readonly ClientWebSocket _socket = new();
    private readonly Uri _site;

    private HubPage(Uri site) => _site = site;

    public static Task<HubPage> OpenAsync(Uri site, string cookies) => OpenAsync(site, cookies, new HttpMessageInvoker(new SocketsHttpHandler { UseCookies = false }));

    /// <param name="site">The site as its pages know it.</param>
    /// <param name="cookies">The browser's cookies.</param>
    /// <param name="way">How to get there.</param>
    public static async Task<HubPage> OpenAsync(Uri site, string cookies, HttpMessageInvoker way)
    {
        var page = new HubPage(site);
        page._socket.Options.SetRequestHeader("Origin", site.GetLeftPart(UriPartial.Authority));
        if (cookies.Length > 0)
        {
            page._socket.Options.SetRequestHeader("Cookie", cookies);
        }

        await page._socket.ConnectAsync(new UriBuilder(site) { Scheme = site.Scheme == "https" ? "wss" : "ws", Path = "/_blazor" }.Uri, way, CancellationToken.None).Soon("the socket opens");
        await page._socket.SendAsync(
            Encoding.UTF8.GetBytes("{\"protocol\":\"blazorpack\",\"version\":1}\u001e"), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        await page.ReadAsync().Soon("the handshake is answered");
        return page;
    }

    /// <summary>Asks for a circuit with no components in it. True when there is one.</summary>
    public async Task<bool> StartCircuitAsync()
    {
        byte[] call =
        [
            // An invocation without headers, with an id.
            0x96, 1, 0x80, .. Text("1"), .. Text("StartCircuit"),
            0x94, .. Text(_site.AbsoluteUri), .. Text(_site.AbsoluteUri), .. Text("[]"), .. Text(""),
            0x90,
        ];
        await _socket.SendAsync(new byte[] { (byte)(call.Length | 0x80), (byte)(call.Length >> 7) }.Concat(call).ToArray(), WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
        return await AnswerAsync().Soon("the call is answered");
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<bool> AnswerAsync()
    {
        while (true)
        {
            var bytes = await ReadAsync();
            foreach (var message in Messages(bytes))
            {
                if (message[1] == Completion)
                {
                    return message[^1] != Nil;
                }
            }
        }
    }

    private static IEnumerable<byte[]> Messages(byte[] bytes)
    {
        for (var at = 0; at < bytes.Length;)
        {
            int length = 0, shift = 0;
            byte part;
            do
            {
                part = bytes[at++];
                length |= (part & 0x7f) << shift;
                shift += 7;
            }
            while ((part & 0x80) != 0);

            yield return bytes[at..(at + length)];
            at += length;
        }
    }

    private async Task<byte[]> ReadAsync()
    {
        var whole = new MemoryStream();
        var buffer = new byte[16 * 1024];
        WebSocketReceiveResult read;
        do
        {
            read = await _socket.ReceiveAsync(buffer, CancellationToken.None);
            whole.Write(buffer, 0, read.Count);
        }
        while (!read.EndOfMessage);

        return whole.ToArray();
    }

    private static byte[] Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return [0xd9, (byte)bytes.Length, .. bytes];
    }
}
