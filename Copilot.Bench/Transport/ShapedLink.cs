using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Copilot.Bench.Transport;

/// <summary>
/// A network between a client and a server on this machine: a TCP relay that ignores content, so every transport is treated alike. Bytes
/// are serialised at the bandwidth of their direction, travel half a round trip, and stay in order; a
/// lost packet costs one round trip. On a new connection nothing moves until its handshakes are over.
/// </summary>
internal sealed class ShapedLink : IAsyncDisposable
{
    private const int PacketBytes = 1_460;

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _relays = [];
    private readonly LinkProfile _profile;
    private readonly EndPoint _target;
    private readonly Direction _up;
    private readonly Direction _down;
    private readonly Task _accepting;
    private int _connections;

    /// <param name="target">Where the server listens.</param>
    /// <param name="profile">The network.</param>
    /// <param name="seed">Decides which packets are lost.</param>
    public ShapedLink(Uri target, LinkProfile profile, int seed)
    {
        _profile = profile;
        _target = new IPEndPoint(IPAddress.Parse(target.Host), target.Port);
        _up = new Direction(profile, profile.UpBits, seed);
        _down = new Direction(profile, profile.DownBits, seed + 1);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        BaseUrl = new UriBuilder(target) { Port = ((IPEndPoint)_listener.LocalEndPoint!).Port, Path = "/demo/v1" }.Uri;
        _accepting = AcceptAsync();
    }

    /// <summary>The base address for clients.</summary>
    public Uri BaseUrl { get; }

    /// <summary>What has passed since the last look.</summary>
    public Traffic TakeTraffic() => new(_up.TakeBytes(), _down.TakeBytes(), Interlocked.Exchange(ref _connections, 0));

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_relays);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptAsync(_stopping.Token);
                Interlocked.Increment(ref _connections);
                _relays.Add(RelayAsync(client));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The link is taken down.
        }
    }

    private async Task RelayAsync(Socket client)
    {
        var open = Stopwatch.GetTimestamp() + Ticks(_profile.RoundTrip * _profile.ConnectRoundTrips);
        using var near = client;
        using var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        near.NoDelay = true;
        try
        {
            await far.ConnectAsync(_target, _stopping.Token);
            await Task.WhenAll(CarryAsync(near, far, _up, open), CarryAsync(far, near, _down, open));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // One side is gone; the other learns it from its socket.
        }
    }

    private async Task CarryAsync(Socket from, Socket to, Direction direction, long open)
    {
        var inFlight = Channel.CreateUnbounded<(byte[] Bytes, long Due)>();
        var delivering = DeliverAsync(to, inFlight.Reader);
        var buffer = new byte[16 * 1024];
        var last = open;
        try
        {
            int read;
            while ((read = await from.ReceiveAsync(buffer, _stopping.Token)) > 0)
            {
                last = Math.Max(last, direction.Send(read, open));
                inFlight.Writer.TryWrite((buffer[..read], last));
            }
        }
        finally
        {
            inFlight.Writer.TryComplete();
            await delivering;
        }
    }

    private async Task DeliverAsync(Socket to, ChannelReader<(byte[] Bytes, long Due)> inFlight)
    {
        await foreach (var (bytes, due) in inFlight.ReadAllAsync(_stopping.Token))
        {
            var wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, _stopping.Token);
            }

            for (var sent = 0; sent < bytes.Length;)
            {
                sent += await to.SendAsync(bytes.AsMemory(sent), _stopping.Token);
            }
        }

        to.Shutdown(SocketShutdown.Send);
    }

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);

    /// <summary>One direction of the line, which all connections share.</summary>
    private sealed class Direction(LinkProfile profile, double bits, int seed)
    {
        private readonly Lock _lock = new();
        private readonly Random _random = new(seed);
        private long _free;
        private long _bytes;

        /// <summary>Accepts bytes and returns when they arrive.</summary>
        public long Send(int bytes, long notBefore)
        {
            lock (_lock)
            {
                _bytes += bytes;
                _free = Math.Max(Math.Max(_free, notBefore), Stopwatch.GetTimestamp()) + (long)(bytes * 8 / bits * Stopwatch.Frequency);
                var packets = ((bytes - 1) / PacketBytes) + 1;
                var lost = _random.NextDouble() < 1 - Math.Pow(1 - profile.Loss, packets);
                return _free + Ticks(profile.RoundTrip * (lost ? 1.5 : 0.5));
            }
        }

        public long TakeBytes()
        {
            lock (_lock)
            {
                var bytes = _bytes;
                _bytes = 0;
                return bytes;
            }
        }
    }
}

/// <summary>What has passed over a link.</summary>
/// <param name="Up">Bytes towards the upstream.</param>
/// <param name="Down">Bytes from the upstream.</param>
/// <param name="Connections">Connections that were opened.</param>
internal sealed record Traffic(long Up, long Down, int Connections);
