namespace Copilot.Demo.Upstream.Network;

/// <summary>The network below one TCP connection, in both directions.</summary>
internal sealed class NetworkLink(NetworkProfile profile, int seed, TimeProvider time)
{
    /// <summary>Bytes that a WebSocket adds to a message, masked and of middling length.</summary>
    public const int FrameBytes = 8;

    /// <summary>Bytes of the headers of a response.</summary>
    public const int ResponseHeaderBytes = 300;

    // The frame of a 101 is its headers.
    private const int UpgradeBytes = 500;

    private readonly Lock _lock = new();
    private readonly long _epoch = time.GetTimestamp();
    private readonly NetworkPath _up = new(profile, profile.UpBitsPerSecond, unchecked((2 * seed) + 1));
    private readonly NetworkPath _down = new(profile, profile.DownBitsPerSecond, unchecked(2 * seed));
    private bool _opened;

    public NetworkProfile Profile => profile;

    /// <summary>When a request that was sent at a timestamp has arrived. The first one opens the connection.</summary>
    /// <param name="timestamp">Of the time provider, when the bytes were read from the real connection.</param>
    /// <param name="bytes">Size of the request.</param>
    /// <param name="upgraded">Whether the connection is a WebSocket that was upgraded without this link's knowledge.</param>
    public TimeSpan RequestArrival(long timestamp, int bytes, bool upgraded)
    {
        lock (_lock)
        {
            var sentAt = time.GetElapsedTime(_epoch, timestamp);
            if (!_opened)
            {
                _opened = true;
                sentAt += profile.RoundTrip * profile.ConnectRoundTrips;
                if (upgraded)
                {
                    sentAt = _down.ArrivalOf(_up.ArrivalOf(sentAt, UpgradeBytes), ResponseHeaderBytes);
                }
            }

            return _up.ArrivalOf(sentAt, bytes);
        }
    }

    /// <summary>When a message that is sent now reaches the client.</summary>
    public TimeSpan ResponseArrival(int bytes)
    {
        lock (_lock)
        {
            return _down.ArrivalOf(time.GetElapsedTime(_epoch), bytes);
        }
    }

    /// <summary>Waits until then.</summary>
    public async Task UntilAsync(TimeSpan due, CancellationToken cancellationToken)
    {
        var wait = due - time.GetElapsedTime(_epoch);
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, cancellationToken);
        }
    }
}
