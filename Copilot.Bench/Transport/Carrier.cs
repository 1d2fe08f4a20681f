using System.Diagnostics;
using Copilot.Bench.Recording;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Responses.Transports;
using Copilot.Domain.Responses.Transports.Http;

namespace Copilot.Bench.Transport;

/// <summary>A way of carrying a run's requests.</summary>
internal enum Carrier
{
    /// <summary>The product's socket, opened when the run begins.</summary>
    Socket,

    /// <summary>The same, opened before: while the user typed.</summary>
    OpenSocket,

    /// <summary>HTTP on a warm pooled connection: the strongest competitor.</summary>
    KeepAlive,

    /// <summary>The same, where the upstream stores the responses and a request continues one.</summary>
    Stored,

    /// <summary>HTTP with a new connection for each response.</summary>
    Fresh,
}

/// <summary>Length and size of a conversation.</summary>
/// <param name="Name">Its name in tables.</param>
/// <param name="OpeningBytes">Bytes of the conversation so far.</param>
/// <param name="ToolOutputBytes">Bytes each tool call adds.</param>
internal sealed record Conversation(string Name, int OpeningBytes, int ToolOutputBytes);

/// <summary>What a run of one carrier took.</summary>
internal sealed record Outcome(double Seconds, double FirstTokenSeconds, Traffic Traffic);

/// <summary>Runs a conversation over a link.</summary>
internal static class CarriedRun
{
    public static async Task<Outcome> RunAsync(
        Carrier carrier, ShapedLink link, Conversation conversation, IReadOnlyDictionary<string, string> script, CancellationToken cancellationToken)
    {
        var kind = carrier is Carrier.Socket or Carrier.OpenSocket ? TransportKind.WebSocket : TransportKind.Http;
        await using var client = new UpstreamClient(link.BaseUrl, kind);
        if (carrier is Carrier.KeepAlive or Carrier.Stored)
        {
            await WarmAsync(client, cancellationToken);
        }

        IResponsesTransport? held = carrier is Carrier.OpenSocket ? await client.ConnectAsync(cancellationToken) : null;
        var opened = held is null ? new Traffic(0, 0, 0) : link.TakeTraffic();
        link.TakeTraffic();
        var first = TimeSpan.Zero;
        var started = Stopwatch.GetTimestamp();
        var loop = new ToolLoop(
            Recordings.Settings(script, store: carrier is Carrier.Stored),
            [InputItem.UserMessage(Filler(conversation.OpeningBytes))],
            Filler(conversation.ToolOutputBytes))
        {
            OnEvent = received =>
            {
                if (first == TimeSpan.Zero && received is TextDeltaEvent)
                {
                    first = Stopwatch.GetElapsedTime(started);
                }
            },
        };
        TimeSpan elapsed;
        if (carrier is Carrier.Fresh)
        {
            await FreshAsync(loop, link.BaseUrl, cancellationToken);
            elapsed = Stopwatch.GetElapsedTime(started);
        }
        else
        {
            await using var transport = held ?? await client.ConnectAsync(cancellationToken);
            await loop.RunAsync(() => Task.FromResult(transport), cancellationToken);
            elapsed = Stopwatch.GetElapsedTime(started);
        }

        var traffic = link.TakeTraffic();
        return new Outcome(
            elapsed.TotalSeconds,
            first.TotalSeconds,
            new Traffic(traffic.Up + opened.Up, traffic.Down + opened.Down, traffic.Connections + opened.Connections));
    }

    private static async Task FreshAsync(ToolLoop loop, Uri baseUrl, CancellationToken cancellationToken)
    {
        UpstreamClient? current = null;
        try
        {
            await loop.RunAsync(
                async () =>
                {
                    await CloseAsync(current);
                    current = new UpstreamClient(baseUrl, TransportKind.Http);
                    return await current.ConnectAsync(cancellationToken);
                },
                cancellationToken);
        }
        finally
        {
            await CloseAsync(current);
        }
    }

    private static ValueTask CloseAsync(UpstreamClient? client) => client?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static async Task WarmAsync(UpstreamClient client, CancellationToken cancellationToken)
    {
        await using var transport = await client.ConnectAsync(cancellationToken);
        await new ToolLoop(Recordings.Settings(Recordings.Script(0, 1), store: false), [InputItem.UserMessage("Hello")], "")
            .RunAsync(() => Task.FromResult(transport), cancellationToken);
    }

    private static string Filler(int bytes) => string.Concat(Enumerable.Repeat("a row of plain words ", (bytes / 21) + 1))[..bytes];
}
