using System.Diagnostics;
using Copilot.Domain.Responses.Connecting;
using Copilot.Domain.Responses.Transports;

namespace Copilot.Bench.Storm;

/// <summary>The product's connector, which records when each connect started: just after the rate limiter admitted it.</summary>
internal sealed class ObservedConnector(UpstreamConnector connector) : IUpstreamConnector
{
    private List<long> _starts = [];

    /// <summary>When connects started since the last call, as <see cref="Stopwatch"/> timestamps.</summary>
    public IReadOnlyList<long> TakeStarts() => Interlocked.Exchange(ref _starts, []);

    /// <inheritdoc/>
    public Task<IResponsesTransport> ConnectAsync(ConnectPurpose purpose, Action<ConnectNotice> notice, CancellationToken cancellationToken) =>
        connector.ConnectAsync(
            purpose,
            step =>
            {
                if (step is ConnectNotice.Connected connected)
                {
                    var began = Stopwatch.GetTimestamp() - (long)(connected.Elapsed.TotalSeconds * Stopwatch.Frequency);
                    var begun = _starts;
                    lock (begun)
                    {
                        begun.Add(began);
                    }
                }

                notice(step);
            },
            cancellationToken);
}
