using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Copilot.Tests.Shared.Clock;

namespace Copilot.Tests.Browser.Driving;

/// <summary>
/// Stands between the browser and the product. It can cut every connection with a reset and refuse new ones, as a network that
/// is gone does (a browser's own offline switch leaves open sockets open), it can swallow everything without breaking one, and it
/// can refuse WebSocket upgrades.
/// </summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Socket, bool> _sockets = new();
    private readonly ConcurrentBag<Task> _work = [];
    private readonly int _target;
    private volatile Socket? _listener;
    private volatile TaskCompletionSource _flowing = Flowing();

    public TcpProxy(int target)
    {
        _target = target;
        Listen(0);
    }

    /// <summary>Answers every upgrade with 403, as some proxies do.</summary>
    public bool RefusesUpgrades { get; init; }

    /// <summary>Where the browser goes.</summary>
    public int Port { get; private set; }

    public Uri Address => new($"http://127.0.0.1:{Port}");

    /// <summary>Connections taken so far.</summary>
    public int Accepted { get; private set; }

    /// <summary>Resets all connections and takes no new ones.</summary>
    public void Cut()
    {
        var listener = _listener;
        _listener = null;
        listener?.Dispose();
        foreach (var socket in _sockets.Keys)
        {
            Reset(socket);
        }
    }

    /// <summary>Takes connections again, on the same port.</summary>
    public void Restore() => Listen(Port);

    /// <summary>All connections stay open, also new ones, and nothing gets through any more.</summary>
    public void Stall() => _flowing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What was held back gets through, and what comes after it.</summary>
    public void Flow() => _flowing.TrySetResult();

    /// <summary>
    /// The network is gone for this long, in real time: what the browser and the product do meanwhile goes by clocks of their own.
    /// </summary>
    public async Task CutForAsync(TimeSpan length, CancellationToken cancellationToken)
    {
        Cut();
        await Task.Delay(length, TimeProvider.System, cancellationToken);
        Restore();
    }

    public async ValueTask DisposeAsync()
    {
        Cut();
        Flow();
        await Task.WhenAll(_work).Soon("all connections of the proxy end");
    }

    private void Listen(int port)
    {
        // No TcpListener: one that is stopped while it begins to accept throws a null reference.
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen();
        Port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        _listener = listener;
        _work.Add(AcceptAsync(listener));
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptAsync();
                Accepted++;
                _work.Add(ServeAsync(client, listener));
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The listener is gone, perhaps between two accepts: that is what a cut is.
        }
    }

    private static TaskCompletionSource Flowing()
    {
        var flowing = new TaskCompletionSource();
        flowing.SetResult();
        return flowing;
    }

    private async Task ServeAsync(Socket client, Socket listener)
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        _sockets[client] = true;
        _sockets[server] = true;
        try
        {
            if (_listener != listener)
            {
                // It was taken while the line was being cut, which did not see it.
                Reset(client);
                return;
            }

            var buffer = new byte[64 * 1024];
            var first = await client.ReceiveAsync(buffer);
            if (RefusesUpgrades && Encoding.ASCII.GetString(buffer, 0, first).Contains("Upgrade: websocket", StringComparison.OrdinalIgnoreCase))
            {
                await client.SendAsync(Encoding.ASCII.GetBytes("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
                return;
            }

            await _flowing.Task;
            await server.ConnectAsync(IPAddress.Loopback, _target);
            await server.SendAsync(buffer.AsMemory(0, first));
            await Task.WhenAll(PumpAsync(client, server), PumpAsync(server, client));
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Cut, or the product was killed.
        }
        finally
        {
            _sockets.TryRemove(client, out _);
            _sockets.TryRemove(server, out _);
            client.Dispose();
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var read)
            {
                await _flowing.Task;
                await to.SendAsync(buffer.AsMemory(0, read));
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Whichever side failed, the other must not wait for it.
            Reset(from);
            Reset(to);
        }
    }

    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
            socket.Close();
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Gone already.
        }
    }
}
