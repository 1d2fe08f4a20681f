using System.Runtime.CompilerServices;
using Copilot.Domain.Responses;

namespace Copilot.Bench.Overhead;

/// <summary>Keeps the frames of the requests that a run sends, so that the bare loop can send the same.</summary>
internal sealed class RequestCapture(IUpstreamConnector inner) : IUpstreamConnector
{
    public List<ReadOnlyMemory<byte>> Frames { get; } = [];

    public async Task<IResponsesTransport> ConnectAsync(Action<ConnectNotice> notice, CancellationToken cancellationToken) =>
        new Transport(await inner.ConnectAsync(notice, cancellationToken), Frames);

    private sealed class Transport(IResponsesTransport inner, List<ReadOnlyMemory<byte>> frames) : IResponsesTransport
    {
        public TransportKind Kind => inner.Kind;

        public Task<TransportEnd> Ended => inner.Ended;

        public Task ConnectAsync(CancellationToken cancellationToken) => inner.ConnectAsync(cancellationToken);

        public async IAsyncEnumerable<ResponseEvent> CreateResponseAsync(
            ResponseRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            frames.Add(RequestWriter.Write(request, inner.Kind));
            await foreach (var received in inner.CreateResponseAsync(request, cancellationToken))
            {
                yield return received;
            }
        }

        public Task<bool> TrySteerAsync(SteerRequest request, CancellationToken cancellationToken) => inner.TrySteerAsync(request, cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
