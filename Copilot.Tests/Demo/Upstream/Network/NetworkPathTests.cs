using Copilot.Demo.Upstream.Network;

namespace Copilot.Tests.Demo.Upstream.Network;

public sealed class NetworkPathTests
{
    private static readonly NetworkProfile s_exact = new(
        "exact", TimeSpan.FromMilliseconds(100), TimeSpan.Zero, 8_000_000, 8_000_000, Loss: 0, ConnectRoundTrips: 2);

    [Fact]
    public void Arrival_WithoutChance_IsTheBytesAndHalfARoundTrip()
    {
        var path = new NetworkPath(s_exact, bitsPerSecond: 8_000_000, seed: 1);

        // A megabyte a second: 10 kB take 10 ms.
        Assert.Equal(Milliseconds(60), path.ArrivalOf(TimeSpan.Zero, 10_000));
    }

    [Fact]
    public void Arrival_OfMessagesAtOnce_QueuesBehindEachOther()
    {
        var path = new NetworkPath(s_exact, bitsPerSecond: 8_000_000, seed: 1);

        Assert.Equal(Milliseconds(60), path.ArrivalOf(TimeSpan.Zero, 10_000));
        Assert.Equal(Milliseconds(80), path.ArrivalOf(TimeSpan.Zero, 20_000));
        Assert.Equal(Milliseconds(161), path.ArrivalOf(Milliseconds(110), 1_000));
    }

    [Fact]
    public void Arrival_WithLoss_ComesOneRetransmissionLaterAndHoldsUpTheRest()
    {
        var path = new NetworkPath(s_exact with { Loss = 1 }, bitsPerSecond: 8_000_000, seed: 1);

        Assert.Equal(Milliseconds(260), path.ArrivalOf(TimeSpan.Zero, 10_000));
        var slow = new NetworkPath(s_exact with { Loss = 1, RoundTrip = Milliseconds(300) }, bitsPerSecond: 8_000_000, seed: 1);
        Assert.Equal(Milliseconds(760), slow.ArrivalOf(TimeSpan.Zero, 10_000));
    }

    [Theory]
    [InlineData("fiber")]
    [InlineData("office-proxy")]
    [InlineData("4g")]
    [InlineData("bad-4g")]
    public void Arrival_WithTheSameSeed_IsTheSameAndInOrder(string name)
    {
        var profile = NetworkProfile.Find(name)!;

        Assert.Equal(Arrivals(profile, seed: 7), Arrivals(profile, seed: 7));
        Assert.NotEqual(Arrivals(profile, seed: 7), Arrivals(profile, seed: 8));
        Assert.Equal(Arrivals(profile, seed: 7).Order(), Arrivals(profile, seed: 7));
    }

    [Fact]
    public void Arrival_BadReception_LosesAboutTheConfiguredShare()
    {
        var profile = NetworkProfile.BadFourG with { Jitter = TimeSpan.Zero };
        var path = new NetworkPath(profile, profile.DownBitsPerSecond, seed: 1);
        var late = 0;
        for (var message = 0; message < 10_000; message++)
        {
            // Far enough apart that none waits for another.
            var sentAt = TimeSpan.FromSeconds(message * 10);
            late += path.ArrivalOf(sentAt, 100) - sentAt > profile.RoundTrip ? 1 : 0;
        }

        Assert.InRange(late, 250, 350);
    }

    private static TimeSpan Milliseconds(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static List<TimeSpan> Arrivals(NetworkProfile profile, int seed)
    {
        var path = new NetworkPath(profile, profile.UpBitsPerSecond, seed);
        return [.. Enumerable.Range(0, 200).Select(message => path.ArrivalOf(Milliseconds(message * 3), 2_000))];
    }
}
