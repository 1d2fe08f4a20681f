using Copilot.Domain.Responses.Events;

namespace Copilot.Domain.Responses.Connecting;

/// <summary>One step of opening a transport, safe to display and log: it never carries a key.</summary>
public abstract record ConnectNotice
{
    private ConnectNotice()
    {
    }

    /// <summary>A transport is about to be opened.</summary>
    /// <param name="Kind">What is tried.</param>
    /// <param name="Endpoint">Where, without query parameters and user information.</param>
    public sealed record Connecting(TransportKind Kind, Uri Endpoint) : ConnectNotice;

    /// <summary>The connect is waiting for its turn, because the process limits how many run at once (<see cref="ConnectRateLimiter"/>).</summary>
    /// <param name="Ahead">How many connects are ahead of it.</param>
    public sealed record Queued(int Ahead) : ConnectNotice;

    /// <summary>The transport is open.</summary>
    /// <param name="Kind">What was opened.</param>
    /// <param name="Elapsed">How long it took.</param>
    public sealed record Connected(TransportKind Kind, TimeSpan Elapsed) : ConnectNotice
    {
        /// <summary>True when it was opened before it was needed, while the user typed.</summary>
        public bool Prepared { get; init; }
    }

    /// <summary>The upstream has read instructions, tools and the conversation so far, before there was a message to answer.</summary>
    /// <param name="ResponseId">The warm-up's response, which the next request continues.</param>
    /// <param name="InputItems">How many input items it carried.</param>
    /// <param name="Bytes">Its length on the wire, in bytes of JSON.</param>
    /// <param name="Usage">Token usage, where the upstream reports it.</param>
    public sealed record Warmed(string ResponseId, int InputItems, long Bytes, ResponseUsage Usage) : ConnectNotice;

    /// <summary>One transport could not be opened in time, and another replaces it.</summary>
    /// <param name="From">What failed.</param>
    /// <param name="To">What is tried next.</param>
    /// <param name="Reason">One plain sentence without a capital or a full stop.</param>
    /// <param name="Timeout">The time-out that fired, or null for another cause.</param>
    public sealed record FellBack(TransportKind From, TransportKind To, string Reason, UpstreamTimeout? Timeout) : ConnectNotice;
}
