using System.Diagnostics;
using Copilot.Domain.Responses.Connecting;
using Copilot.Domain.Responses.Transports;

namespace Copilot.Bench.Storm;

/// <summary>The product's connector, with a note of when each connect began: just after the rate limiter released it.</summary>
internal sealed class ObservedConnector(UpstreamConnector connector) : IUpstreamConnector
{
    private List<long> _begun = [];

    /// <summary>When connects began since the last look, as <see cref="Stopwatch"/> timestamps.</summary>
    public IReadOnlyList<long> Take() => Interlocked.Exchange(ref _begun, []);

    /// <inheritdoc/>
    public Task<IResponsesTransport> ConnectAsync(ConnectPurpose purpose, Action<ConnectNotice> notice, CancellationToken cancellationToken) =>
        connector.ConnectAsync(
            purpose,
            step =>
            {
                if (step is ConnectNotice.Connected connected)
                {
                    var began = Stopwatch.GetTimestamp() - (long)(connected.Elapsed.TotalSeconds * Stopwatch.Frequency);
                    var begun = _begun;
                    lock (begun)
                    {
                        begun.Add(began);
                    }
                }

                notice(step);
            },
            cancellationToken);
}
