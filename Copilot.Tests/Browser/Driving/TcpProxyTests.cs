using System.Net;
using System.Net.Sockets;
using Copilot.Tests.Shared.Clock;

namespace Copilot.Tests.Browser.Driving;

/// <summary>The line that tests cut: a connection that comes while it is being cut would hold the test for ever.</summary>
public sealed class TcpProxyTests
{
    private const int Rounds = 2000;

    [Fact]
    public async Task Dispose_ConnectionsComeMeanwhile_AllAreReset()
    {
        using var target = new TcpListener(IPAddress.Loopback, 0);
        target.Start();
        var port = ((IPEndPoint)target.LocalEndpoint).Port;
        for (var round = 0; round < Rounds; round++)
        {
            var proxy = new TcpProxy(port);
            Task<Socket>[] clients = [.. Enumerable.Range(0, 4).Select(_ => ConnectAsync(proxy.Port))];
            await Task.WhenAny(clients);
            Thread.SpinWait(round % 400);
            await proxy.DisposeAsync().AsTask().Soon($"the proxy of round {round} ends");
            foreach (var client in await Task.WhenAll(clients))
            {
                client.Dispose();
            }
        }
    }

    private static async Task<Socket> ConnectAsync(int port)
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port);
        }
        catch (SocketException)
        {
            // The line was cut before.
        }

        return client;
    }
}
