using System.Collections.Immutable;

namespace Copilot.Demo.Upstream.Network;

/// <summary>
/// A kind of network between a client and the demo upstream, modelled above the real loopback connection. What is modelled:
/// <list type="bullet">
/// <item>Opening a connection costs <see cref="ConnectRoundTrips"/> round trips once (TCP, TLS, a proxy's CONNECT); the upgrade
/// of a WebSocket, as every request, costs its own round trip on top.</item>
/// <item>Every message is serialised at the bandwidth of its direction (messages queue behind each other, as on one TCP
/// connection), then travels half a round trip plus an evenly distributed jitter of 0 to <see cref="Jitter"/>; order is preserved.</item>
/// <item>Loss costs time, never data: a message of n packets of 1460 bytes is hit with probability 1 − (1 − loss)ⁿ and then
/// arrives one retransmission time-out later, the larger of 200 ms and two round trips; later messages wait behind it.</item>
/// <item>HTTP requests count their real headers and body, responses 300 bytes of headers and their body; WebSocket messages
/// count 8 bytes of framing.</item>
/// </list>
/// Not modelled: TCP slow start (favours short connections), acknowledgements, compression, pings, close frames, name
/// resolution, a shared bottleneck between connections. Delays are drawn from <see cref="DemoUpstreamOptions.Seed"/> and the
/// connection's ordinal, and waited for with the process's <see cref="TimeProvider"/>.
/// </summary>
/// <param name="Name">Its name in requests.</param>
/// <param name="RoundTrip">There and back, without serialisation.</param>
/// <param name="Jitter">The most that is added to one direction.</param>
/// <param name="DownBitsPerSecond">From the upstream to the client.</param>
/// <param name="UpBitsPerSecond">From the client to the upstream.</param>
/// <param name="Loss">Share of packets that are lost, 0 to 1.</param>
/// <param name="ConnectRoundTrips">Round trips before the first byte of a request on a new connection.</param>
public sealed record NetworkProfile(
    string Name,
    TimeSpan RoundTrip,
    TimeSpan Jitter,
    long DownBitsPerSecond,
    long UpBitsPerSecond,
    double Loss,
    int ConnectRoundTrips)
{
    private const long Megabit = 1_000_000;

    /// <summary>A wired line to a data centre of the region: 20 ms, 300/100 Mbit/s. TCP and TLS 1.3.</summary>
    public static NetworkProfile Fiber { get; } =
        new("fiber", TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(2), 300 * Megabit, 100 * Megabit, 0, 2);

    /// <summary>Through a company's inspecting proxy: 40 ms, 100/50 Mbit/s, a little loss; its CONNECT and its own TLS cost two round trips more.</summary>
    public static NetworkProfile OfficeProxy { get; } =
        new("office-proxy", TimeSpan.FromMilliseconds(40), TimeSpan.FromMilliseconds(8), 100 * Megabit, 50 * Megabit, 0.0005, 4);

    /// <summary>A phone with good reception: 60 ms, 25/8 Mbit/s, 0.5 % loss.</summary>
    public static NetworkProfile FourG { get; } =
        new("4g", TimeSpan.FromMilliseconds(60), TimeSpan.FromMilliseconds(15), 25 * Megabit, 8 * Megabit, 0.005, 2);

    /// <summary>A phone on a train: 180 ms, 2/0.5 Mbit/s, 3 % loss.</summary>
    public static NetworkProfile BadFourG { get; } =
        new("bad-4g", TimeSpan.FromMilliseconds(180), TimeSpan.FromMilliseconds(60), 2 * Megabit, Megabit / 2, 0.03, 2);

    /// <summary>All profiles, from the best to the worst.</summary>
    public static ImmutableArray<NetworkProfile> All { get; } = [Fiber, OfficeProxy, FourG, BadFourG];

    /// <summary>The profile of this name, or null.</summary>
    public static NetworkProfile? Find(string name) => All.FirstOrDefault(profile => profile.Name == name);
}
