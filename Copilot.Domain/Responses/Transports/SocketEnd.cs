using Copilot.Domain.Responses.Events;

using System.Net.WebSockets;
using Copilot.Domain.Responses.Transports;

namespace Copilot.Domain.Responses.Transports;

/// <summary>How receiving on a socket ended.</summary>
/// <param name="End">What the owner of the transport gets.</param>
/// <param name="Error">What the reader of the response in flight gets.</param>
/// <param name="Reply">The close code to send to the upstream; null for none.</param>
internal sealed record SocketEnd(TransportEnd End, TransportException Error, WebSocketCloseStatus? Reply)
{
    /// <summary>The upstream sent a close frame.</summary>
    /// <param name="status">Its code. A frame without one is 1005 in the registry; the framework says Empty.</param>
    /// <param name="description">Its text; untrusted.</param>
    public static SocketEnd ClosedByPeer(WebSocketCloseStatus? status, string? description)
    {
        var code = status is { } given ? (int)given : (int?)null;
        var detail = SocketFailure.CloseMessage(code, description);
        return new SocketEnd(
            new TransportEnd(TransportEndReason.ClosedByPeer, code, detail),
            SocketFailure.Closed(code, detail),
            WebSocketCloseStatus.NormalClosure);
    }

    /// <summary>The connection is too old. It is reported on an idle socket too, and not every upstream closes after it.</summary>
    public static SocketEnd TooOld(string message) => new(
        new TransportEnd(TransportEndReason.ClosedByPeer, null, message),
        SocketFailure.Closed(null, message),
        WebSocketCloseStatus.NormalClosure);

    /// <summary>The upstream sent something that is rejected.</summary>
    public static SocketEnd Rejected(TransportFailure failure, string sentence, WebSocketCloseStatus reply) => new(
        new TransportEnd(TransportEndReason.Faulted, (int)reply, sentence),
        new TransportException(failure, sentence, innerException: null),
        reply);

    /// <summary>The connection broke, or its keep-alive time-out fired.</summary>
    public static SocketEnd Broken(Exception exception, TimeSpan keepAliveTimeout)
    {
        var lost = SocketFailure.Broken(exception, keepAliveTimeout);
        return new SocketEnd(new TransportEnd(TransportEndReason.Faulted, null, lost.Message) { Timeout = lost.Timeout }, lost, null);
    }
}
