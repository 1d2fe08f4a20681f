using System.Globalization;
using Copilot.Domain.Responses;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Responses.Transports;

/// <summary>What the kernel says of the sockets that runs really use.</summary>
public sealed class TcpKeepAliveTests
{
    private const string KeepAliveTimer = "02";

    // Of the kernel's clock in /proc, by definition.
    private const int TicksPerSecond = 100;

    [Theory]
    [InlineData(TransportChoice.WebSocket)]
    [InlineData(TransportChoice.Http)]
    public async Task Connection_OfARun_IsProbedWithin15Seconds(TransportChoice transport)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux shows the timers of its sockets.");
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var host = await RunHost.StartAsync(upstream.BaseUrl, transport);
        var run = await host.StartRunAsync("Hello");
        int port;
        if (transport is TransportChoice.WebSocket)
        {
            var socket = await upstream.NextSocketAsync();
            await socket.ReceiveAsync();
            await socket.SendAsync(Frames.Created("resp_1"), Frames.Delta("Hi"));
            port = socket.Request.RemotePort;
        }
        else
        {
            var post = await upstream.NextPostAsync();
            await post.SendAsync(Frames.Created("resp_1"), Frames.Delta("Hi"));
            port = post.Request.RemotePort;
        }

        // What the client has sent is acknowledged by then, so no other timer runs.
        await host.SeeAsync(run.RunId, "response.output_text.delta");

        var timer = TimerOf(port, upstream.BaseUrl.Port);
        Assert.Equal(KeepAliveTimer, timer[0]);
        Assert.InRange(int.Parse(timer[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture), 1, 15 * TicksPerSecond);
    }

    /// <summary>Kind and remaining time of a local socket's timer. Another process may use the same port towards somebody else.</summary>
    private static string[] TimerOf(int port, int remotePort)
    {
        var row = File.ReadLines("/proc/net/tcp").Concat(File.ReadLines("/proc/net/tcp6"))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Single(columns => columns[1].EndsWith(Port(port), StringComparison.Ordinal) && columns[2].EndsWith(Port(remotePort), StringComparison.Ordinal));
        return row[5].Split(':');

        static string Port(int number) => ":" + number.ToString("X4", CultureInfo.InvariantCulture);
    }
}
