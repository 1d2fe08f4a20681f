using System.Diagnostics.CodeAnalysis;

namespace Copilot.Demo.Upstream.Network;

/// <summary>One direction of a connection. Computes when a message arrives; it does not wait. The same seed gives the same times.</summary>
[SuppressMessage("Security", "CA5394:Do not use insecure randomness", Justification = "A seed has to give the same delays again.")]
internal sealed class NetworkPath(NetworkProfile profile, long bitsPerSecond, int seed)
{
    private const int PacketBytes = 1460;

    private static readonly TimeSpan s_shortestRecovery = TimeSpan.FromMilliseconds(200);

    private readonly Random _random = new(seed);
    private TimeSpan _free;
    private TimeSpan _lastArrival;

    /// <summary>When a message sent now has arrived as a whole.</summary>
    public TimeSpan ArrivalOf(TimeSpan sentAt, int bytes)
    {
        var start = sentAt > _free ? sentAt : _free;
        _free = start + TimeSpan.FromSeconds(bytes * 8.0 / bitsPerSecond);
        var arrival = _free + (profile.RoundTrip / 2) + (profile.Jitter * _random.NextDouble());

        // Drawn even without loss, so that profiles differ in nothing else.
        var hit = 1 - Math.Pow(1 - profile.Loss, Math.Ceiling((double)bytes / PacketBytes));
        if (_random.NextDouble() < hit)
        {
            var recovery = profile.RoundTrip * 2;
            arrival += recovery > s_shortestRecovery ? recovery : s_shortestRecovery;
        }

        _lastArrival = arrival > _lastArrival ? arrival : _lastArrival;
        return _lastArrival;
    }
}
