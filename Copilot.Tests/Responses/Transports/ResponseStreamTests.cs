using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Transports;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;

namespace Copilot.Tests.Responses.Transports;

public sealed class ResponseStreamTests
{
    private readonly ResponseStream _exchange = new(previousResponseId: null);

    [Fact]
    public async Task Write_ReaderIsAway_WaitsOnlyBeyondTheCapacity()
    {
        for (var i = 0; i < 4; i++)
        {
            Assert.True(_exchange.WriteAsync(Event(ResponseStream.Capacity / 4)).IsCompleted);
        }

        var beyond = _exchange.WriteAsync(Event(1));
        Assert.False(beyond.IsCompleted);

        await _exchange.ReadAsync(CancellationToken.None);
        await _exchange.ReadAsync(CancellationToken.None);
        Assert.False(beyond.IsCompleted);
        await _exchange.ReadAsync(CancellationToken.None);
        await beyond.Soon("room for the writer");
    }

    [Fact]
    public async Task Complete_WriterWaits_IsLetGoAndTheReaderSeesAllThenTheReason()
    {
        var beyond = _exchange.WriteAsync(Event(ResponseStream.Capacity + 1));
        Assert.False(beyond.IsCompleted);
        _exchange.Complete(new TransportException(TransportFailure.Lost, "gone", innerException: null));
        await beyond.Soon("the writer is let go");
        Assert.True(_exchange.WriteAsync(Event(1)).IsCompleted);

        await _exchange.ReadAsync(CancellationToken.None);
        var closed = await Assert.ThrowsAnyAsync<System.Threading.Channels.ChannelClosedException>(() => _exchange.ReadAsync(CancellationToken.None).AsTask());
        Assert.Equal("gone", closed.InnerException!.Message);
    }

    private static UnknownResponseEvent Event(int bytes) => new() { Type = "x", Json = new byte[bytes] };
}
