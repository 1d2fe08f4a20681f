using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;

namespace Copilot.Demo.Upstream.WebSockets;

/// <summary>Ends a TCP connection as a crash or a middlebox does: with a reset instead of an orderly end.</summary>
internal static class ConnectionReset
{
    /// <summary>Resets it at once; what was written last may be lost with it.</summary>
    public static void Now(HttpContext context)
    {
        SocketOf(context)?.Close(timeout: 0);
        context.Abort();
    }

    /// <summary>Resets it when the server is done with it, after everything that was written.</summary>
    public static void AtTheEnd(HttpContext context)
    {
        if (SocketOf(context) is { } socket)
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }
    }

    /// <summary>Resets it after everything that was written, in the middle of a response. The request is aborted by it.</summary>
    public static void AfterWhatWasWritten(HttpContext context)
    {
        AtTheEnd(context);
        context.Features.Get<IConnectionTransportFeature>()?.Transport.Output.Complete();
    }

    private static Socket? SocketOf(HttpContext context) => context.Features.Get<IConnectionSocketFeature>()?.Socket;
}
