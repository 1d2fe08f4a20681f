using System.Text.Json.Nodes;
using Copilot.Demo.Upstream.WebSockets;

namespace Copilot.Demo.Upstream.Faults.Applied;

/// <summary>Faults that end the connection, or leave it open without sending anything more.</summary>
internal static class EndFaults
{
    private static readonly (int Code, string Reason)[] s_closes =
    [
        (1000, "done"), (1001, "going away"), (SocketEnd.NoCode, string.Empty), (1008, string.Empty), (1009, "message too big"),
        (1011, "internal error"), (1012, "service restart"), (1013, "try again later"),
    ];

    public static IEnumerable<KeyValuePair<string, Func<ResponseFault>>> All =>
    [
        new("cut", () => new End(SocketEnd.Reset)),
        new("cut_text", () => new End(SocketEnd.Reset)),
        new("cut_arguments", () => new End(SocketEnd.Reset)),
        new("close_1006", () => new End(SocketEnd.Hangup)),
        .. s_closes.Select(close => KeyValuePair.Create<string, Func<ResponseFault>>(
            $"close_{close.Code}", () => new End(SocketEnd.Close(close.Code, close.Reason)))),
        new("http_cut", () => new Stop()),
        new("half_open", () => new HalfOpen()),
        new("silence", () => new FirstEventTimeout()),
        new("long_silence", () => new LongSilence()),
    ];

    private sealed class End(SocketEnd end) : ResponseFault
    {
        public override Task ApplyAsync(FaultScene scene, JsonObject next, CancellationToken cancellationToken) =>
            scene.EndAsync(end, cancellationToken);
    }

    private sealed class Stop : ResponseFault
    {
        public override Task ApplyAsync(FaultScene scene, JsonObject next, CancellationToken cancellationToken) =>
            throw new ResponseStoppedException();
    }

    private sealed class HalfOpen : ResponseFault
    {
        public override async Task ApplyAsync(FaultScene scene, JsonObject next, CancellationToken cancellationToken)
        {
            await scene.Wire.GoDeadAsync(cancellationToken);
            await FaultScene.StayAsync(cancellationToken);
        }
    }

    private sealed class FirstEventTimeout : ResponseFault
    {
        public override Task ApplyAsync(FaultScene scene, JsonObject next, CancellationToken cancellationToken) =>
            FaultScene.StayAsync(cancellationToken);
    }

    private sealed class LongSilence : ResponseFault
    {
        public override Task ApplyAsync(FaultScene scene, JsonObject next, CancellationToken cancellationToken) =>
            scene.PauseAsync(scene.Fault.Pause, cancellationToken);
    }
}
