using System.Net;
using System.Net.Sockets;

namespace Copilot.Tests.Shared;

/// <summary>Ports for processes that cannot be asked which one they listen on.</summary>
internal static class LocalPort
{
    /// <summary>
    /// A port that nobody listens on. It lies below those that systems give to outgoing connections: one of those could be taken before
    /// the process has bound it.
    /// </summary>
    public static int Free()
    {
        while (true)
        {
            var port = Random.Shared.Next(10_000, 32_000);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: another one.
            }
        }
    }
}
