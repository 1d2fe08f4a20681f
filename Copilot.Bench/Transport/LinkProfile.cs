namespace Copilot.Bench.Transport;

/// <summary>A network model.</summary>
/// <param name="Name">Name of the same network in the demo upstream.</param>
/// <param name="RoundTrip">There and back.</param>
/// <param name="UpBits">Bits per second towards the upstream.</param>
/// <param name="DownBits">Bits per second from the upstream.</param>
/// <param name="Loss">Share of packets that are lost.</param>
/// <param name="ConnectRoundTrips">Round trips before the first byte of a new connection: TCP, TLS 1.3, a proxy's CONNECT.</param>
internal sealed record LinkProfile(string Name, TimeSpan RoundTrip, double UpBits, double DownBits, double Loss, double ConnectRoundTrips)
{
    private const double Megabit = 1_000_000;

    /// <summary>From the best to the worst.</summary>
    public static IReadOnlyList<LinkProfile> All { get; } =
    [
        new("fiber", TimeSpan.FromMilliseconds(20), 100 * Megabit, 300 * Megabit, 0, 2),
        new("office-proxy", TimeSpan.FromMilliseconds(40), 50 * Megabit, 100 * Megabit, 0.0005, 4),
        new("4g", TimeSpan.FromMilliseconds(60), 8 * Megabit, 25 * Megabit, 0.005, 2),
        new("bad-4g", TimeSpan.FromMilliseconds(180), 0.5 * Megabit, 2 * Megabit, 0.03, 2),
    ];
}
