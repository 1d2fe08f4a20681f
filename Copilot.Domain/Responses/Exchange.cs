using System.Threading.Channels;

namespace Copilot.Domain.Responses;

/// <summary>
/// One response in flight on a socket: the pump writes its events, the caller reads them. The channel is small and waits, so a
/// reader that stops makes the pump stop, and then the socket.
/// </summary>
/// <param name="previousResponseId">The response before it on the same socket, or null.</param>
internal sealed class Exchange(string? previousResponseId)
{
    private const int Capacity = 64;

    private readonly Channel<ResponseEvent> _events = Channel.CreateBounded<ResponseEvent>(
        new BoundedChannelOptions(Capacity) { SingleReader = true, SingleWriter = true, FullMode = BoundedChannelFullMode.Wait });

    private volatile bool _over;

    /// <summary>What the caller reads; its completion carries why the stream ended.</summary>
    public ChannelReader<ResponseEvent> Events => _events.Reader;

    /// <summary>The response's id, once an event has told it.</summary>
    public string? ResponseId { get; private set; }

    /// <summary>True once the terminal event was handed over or nobody reads any more.</summary>
    public bool IsOver => _over;

    /// <summary>
    /// True for the late end of the response before: a failure is sometimes told twice, as <c>error</c> and as <c>response.failed</c>.
    /// </summary>
    public bool IsOfThePreviousResponse(ResponseEvent received) =>
        previousResponseId is not null && received is ResponseLifecycleEvent lifecycle && lifecycle.Response.Id == previousResponseId;

    /// <summary>Hands an event over, waiting for room; drops it once nobody reads.</summary>
    public async ValueTask WriteAsync(ResponseEvent received)
    {
        if (received is ResponseLifecycleEvent { Response.Id.Length: > 0 } lifecycle)
        {
            ResponseId = lifecycle.Response.Id;
        }

        // Before it is readable: its reader may begin the next exchange at once.
        _over |= received.IsTerminal;
        try
        {
            await _events.Writer.WriteAsync(received, CancellationToken.None).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            _over = true;
        }
    }

    /// <summary>No more events, for this reason. The first call counts.</summary>
    public void Complete(TransportException error)
    {
        _over = true;
        _events.Writer.TryComplete(error);
    }
}
