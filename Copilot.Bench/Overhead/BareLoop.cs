using System.Net.WebSockets;
using Copilot.Bench.Recording;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;

namespace Copilot.Bench.Overhead;

/// <summary>
/// The least a client can do: a socket that sends recorded requests and receives their frames, and commits what the product
/// committed, in the product's transactions. It does no parsing, decisions or display.
/// </summary>
internal sealed class BareLoop(Uri baseUrl, IReadOnlyList<byte[]> requests)
{
    private readonly Uri _address = new UriBuilder(new Uri(baseUrl + "/responses")) { Scheme = "ws" }.Uri;
    private readonly byte[] _buffer = new byte[256 * 1024];

    /// <summary>Sends and receives without committing anything.</summary>
    /// <param name="framesPerResponse">How many frames answer each request.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task RunAsync(IReadOnlyList<int> framesPerResponse, CancellationToken cancellationToken)
    {
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(_address, cancellationToken);
        for (var response = 0; response < requests.Count; response++)
        {
            await socket.SendAsync(requests[response].AsMemory(), WebSocketMessageType.Text, true, cancellationToken);
            for (var frame = 0; frame < framesPerResponse[response]; frame++)
            {
                await ReceiveAsync(socket, cancellationToken);
            }
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken);
    }

    /// <summary>
    /// The same with the commits: before a transaction its upstream frames are received, and after the one that says that a
    /// request was sent, it is sent.
    /// </summary>
    public async Task RunAsync(BareBatches batches, IReadOnlyList<IReadOnlyList<BareAppend>> transactions, CancellationToken cancellationToken)
    {
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(_address, cancellationToken);
        var next = 0;
        foreach (var transaction in transactions)
        {
            var sends = 0;
            foreach (var written in transaction.SelectMany(append => append.Append.Events))
            {
                if (written.Source is EventSource.Upstream)
                {
                    await ReceiveAsync(socket, cancellationToken);
                }
                else if (written.Type is RunEventTypes.AttemptSent)
                {
                    sends++;
                }
            }

            batches.Commit(transaction);
            for (; sends > 0; sends--)
            {
                await socket.SendAsync(requests[next++].AsMemory(), WebSocketMessageType.Text, true, cancellationToken);
            }
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken);
    }

    private async Task ReceiveAsync(ClientWebSocket socket, CancellationToken cancellationToken)
    {
        while (!(await socket.ReceiveAsync(_buffer.AsMemory(), cancellationToken)).EndOfMessage)
        {
            // The bytes are not inspected.
        }
    }
}
