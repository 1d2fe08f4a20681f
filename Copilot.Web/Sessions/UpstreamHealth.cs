using Copilot.Domain.Responses.Connecting;

namespace Copilot.Web.Sessions;

/// <summary>How the upstream is reached now, as pages show it: by socket, or by HTTP and why.</summary>
internal sealed class UpstreamHealth(SocketBreaker sockets)
{
    /// <summary>Null while sockets are used, else why HTTP takes their place.</summary>
    public SocketOutage? Trouble => Of(sockets.State);

    /// <summary>Waits until the trouble is another than the one that was seen.</summary>
    public async Task<SocketOutage?> WhenChangedAsync(SocketOutage? seen, CancellationToken cancellationToken)
    {
        while (true)
        {
            var state = sockets.State;
            if (Of(state) != seen)
            {
                return Of(state);
            }

            await sockets.WhenChangedAsync(state, cancellationToken);
        }
    }

    private static SocketOutage? Of(SocketState state) => state.State is SocketCircuit.Closed
        ? null
        : new SocketOutage(state.Reason ?? "the socket failed", state.Since, state.NextProbeAt);
}

/// <summary>Why runs use HTTP.</summary>
/// <param name="Reason">One sentence without a capital or a full stop.</param>
/// <param name="Since">Since when.</param>
/// <param name="NextTry">From when on the next run tries a socket again; null while one is being tried.</param>
internal sealed record SocketOutage(string Reason, DateTimeOffset Since, DateTimeOffset? NextTry);
