using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using Copilot.Bench.Overhead;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Copilot.Bench.Live;

/// <summary>
/// An upstream in WebSocket mode whose answers are words that say when they were sent: <c>~t</c>, microseconds, answer and word, 50 a second. It
/// runs in a separate process, so that its work is not counted as the product's.
/// </summary>
internal static class LiveUpstream
{
    /// <summary>The hidden command that serves.</summary>
    public const string Command = "live-upstream";

    /// <summary>Words a second of one answer.</summary>
    public const int WordsPerSecond = 50;

    // A page has to be open before the first word is sent.
    private static readonly TimeSpan s_thinking = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan s_pace = TimeSpan.FromSeconds(1.0 / WordsPerSecond);
    private static int s_answers;

    /// <summary>What every word begins with.</summary>
    public static ReadOnlySpan<byte> Mark => "~t"u8;

    /// <summary>Serves until the standard input ends, which happens when the parent exits.</summary>
    /// <param name="words">How many words an answer has.</param>
    public static async Task ServeAsync(string words)
    {
        var count = int.Parse(words, CultureInfo.InvariantCulture);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        await using var application = builder.Build();
        application.UseWebSockets();
        application.Run(async context =>
        {
            if (!context.WebSockets.IsWebSocketRequest)
            {
                context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
                return;
            }

            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            await AnswerAsync(socket, count, context.RequestAborted);
        });
        await application.StartAsync();
        await Console.Out.WriteLineAsync(ReplayUpstream.AddressOf(application));
        await Console.In.ReadToEndAsync();
        await application.StopAsync();
    }

    /// <summary>Microseconds since 1970, on the machine's clock.</summary>
    public static long Now() => (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private static async Task AnswerAsync(WebSocket socket, int words, CancellationToken cancellationToken)
    {
        var buffer = new byte[256 * 1024];
        try
        {
            while (true)
            {
                ValueWebSocketReceiveResult received;
                do
                {
                    received = await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
                }
                while (received is { EndOfMessage: false, MessageType: not WebSocketMessageType.Close });

                if (received.MessageType is WebSocketMessageType.Close)
                {
                    await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken);
                    return;
                }

                await SendAnswerAsync(socket, Interlocked.Increment(ref s_answers), words, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
        {
            // The run was stopped: nobody reads any more.
        }
    }

    private static async Task SendAnswerAsync(WebSocket socket, int answer, int words, CancellationToken cancellationToken)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"resp_{answer}");
        var number = 0;
        await SendAsync("response.created", $$$"""{"response":{"id":"{{{id}}}","status":"in_progress","output":[]}}""");
        await Task.Delay(s_thinking, cancellationToken);
        var text = new StringBuilder();
        using var pace = new PeriodicTimer(s_pace);
        for (var i = 0; i < words; i++)
        {
            var word = string.Create(CultureInfo.InvariantCulture, $"~t{Now()}.{answer}.{i}. ");
            text.Append(word);
            await SendAsync("response.output_text.delta", $$"""{"item_id":"msg_1","output_index":0,"content_index":0,"delta":"{{word}}"}""");
            await pace.WaitForNextTickAsync(cancellationToken);
        }

        var message = $$"""{"id":"msg_1","type":"message","role":"assistant","status":"completed","content":[{"type":"output_text","text":"{{text}}","annotations":[]}]}""";
        await SendAsync("response.output_item.done", $$$"""{"output_index":0,"item":{{{message}}}}""");
        await SendAsync(
            "response.completed",
            $$$$"""{"response":{"id":"{{{{id}}}}","status":"completed","output":[{{{{message}}}}],"usage":{"input_tokens":5,"input_tokens_details":{"cached_tokens":0},"output_tokens":{{{{words}}}},"output_tokens_details":{"reasoning_tokens":0},"total_tokens":{{{{words + 5}}}}}}}""");

        ValueTask SendAsync(string type, string body) => socket.SendAsync(
            Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"type\":\"{type}\",\"sequence_number\":{number++},{body.AsSpan(1)}")),
            WebSocketMessageType.Text,
            WebSocketMessageFlags.EndOfMessage,
            cancellationToken);
    }
}
