using System.Text.Json.Nodes;

namespace Copilot.Demo.Upstream.Faults.Applied;

/// <summary>Faults that distort the event stream without ending it: a robust client still completes the response.</summary>
internal static class OddFaults
{
    public static IEnumerable<KeyValuePair<string, Func<ResponseFault>>> All =>
    [
        new("bad_json", () => new Insert(InsertBadJsonAsync)),
        new("binary", () => new Insert((scene, token) => scene.Wire.SendBinaryAsync(new byte[] { 0, 1, 2, 3 }, token))),
        new("keepalive", () => new Insert(InsertKeepAliveAsync)),
        new("rate_limits_event", () => new Insert(InsertRateLimitsAsync)),
        new("unknown_event", () => new Insert(InsertUnknownEventAsync)),
        new("ping_storm", () => new Insert((scene, token) => scene.Wire.PingAsync(1000, token))),
        new("done_frame", () => new DoneFrame()),
        new("unknown_item", () => new UnknownItem()),
        new("sparse", () => new Sparse()),
        new("sequence_repeated", () => new Repeated()),
        new("sequence_restarts", () => new Restarted()),
        new("big_frame", () => new BigFrame()),
        new("slow_drip", () => new SlowDrip()),
    ];

    private static Task InsertBadJsonAsync(FaultScene scene, CancellationToken cancellationToken) =>
        scene.Wire.SendTextAsync("""{"type":"response.output_text.delta","delta":"to""", cancellationToken);

    private static async Task InsertKeepAliveAsync(FaultScene scene, CancellationToken cancellationToken)
    {
        await scene.Wire.SendAsync(new JsonObject { ["type"] = "keepalive" }, cancellationToken);
        await scene.Wire.SendAsync(new JsonObject { ["type"] = "keepalive", ["sequence_number"] = scene.Sent }, cancellationToken);
    }

    private static Task InsertRateLimitsAsync(FaultScene scene, CancellationToken cancellationToken) =>
        scene.Wire.SendAsync(
            new JsonObject
            {
                ["type"] = "codex.rate_limits",
                ["plan_type"] = "demo",
                ["rate_limits"] = new JsonObject
                {
                    ["allowed"] = true,
                    ["limit_reached"] = false,
                    ["primary"] = new JsonObject { ["used_percent"] = 42, ["window_minutes"] = 300, ["reset_at"] = 1_795_332_045 },
                    ["secondary"] = null,
                },
                ["credits"] = null,
            },
            cancellationToken);

    private static Task InsertUnknownEventAsync(FaultScene scene, CancellationToken cancellationToken) =>
        scene.Wire.SendAsync(
            new JsonObject { ["type"] = "response.hologram.projected", ["sequence_number"] = scene.Sent, ["hologram"] = new JsonArray(1, 2) },
            cancellationToken);

    /// <summary>One odd thing between two events.</summary>
    private sealed class Insert(Func<FaultScene, CancellationToken, Task> insert) : ResponseFault
    {
        public override Task ApplyAsync(FaultScene scene, JsonObject next, CancellationToken cancellationToken) =>
            insert(scene, cancellationToken);
    }

    private sealed class DoneFrame : ResponseFault
    {
        public override async Task PassAsync(FaultScene scene, JsonObject responseEvent, CancellationToken cancellationToken)
        {
            var last = FaultScene.IsTerminal(responseEvent);
            await scene.SendAsync(responseEvent, cancellationToken);
            if (last)
            {
                await scene.Wire.SendTextAsync("[DONE]", cancellationToken);
            }
        }
    }

    /// <summary>One more item at the end, with its events numbered in their place.</summary>
    private sealed class UnknownItem : ResponseFault
    {
        public override async Task PassAsync(FaultScene scene, JsonObject responseEvent, CancellationToken cancellationToken)
        {
            if (FaultScene.IsTerminal(responseEvent) && responseEvent["response"]?["output"] is JsonArray output)
            {
                var item = new JsonObject { ["id"] = "holo_1", ["type"] = "hologram_call", ["status"] = "completed", ["shape"] = "cube" };
                foreach (var type in new[] { "response.output_item.added", "response.output_item.done" })
                {
                    var number = (int)responseEvent["sequence_number"]!;
                    responseEvent["sequence_number"] = number + 1;
                    await scene.SendAsync(
                        new JsonObject
                        {
                            ["type"] = type,
                            ["sequence_number"] = number,
                            ["output_index"] = output.Count,
                            ["item"] = item.DeepClone(),
                        },
                        cancellationToken);
                }

                output.Add(item);
            }

            await scene.SendAsync(responseEvent, cancellationToken);
        }
    }

    /// <summary>What WebSocket mode may leave out (protocol §3.5): the scaffolds, and the output in the terminal event.</summary>
    private sealed class Sparse : ResponseFault
    {
        public override Task PassAsync(FaultScene scene, JsonObject responseEvent, CancellationToken cancellationToken)
        {
            var type = (string?)responseEvent["type"];
            if (FaultScene.IsTerminal(responseEvent))
            {
                (responseEvent["response"] as JsonObject)?.Remove("output");
            }
            else if (type is not ("response.created" or "response.output_item.done") && !type!.EndsWith(".delta", StringComparison.Ordinal))
            {
                return Task.CompletedTask;
            }

            return scene.SendAsync(responseEvent, cancellationToken);
        }
    }

    private sealed class Repeated : ResponseFault
    {
        public override async Task PassAsync(FaultScene scene, JsonObject responseEvent, CancellationToken cancellationToken)
        {
            await scene.SendAsync(responseEvent, cancellationToken);
            if (!FaultScene.IsTerminal(responseEvent))
            {
                await scene.Wire.SendAsync((JsonObject)responseEvent.DeepClone(), cancellationToken);
            }
        }
    }

    private sealed class Restarted : ResponseFault
    {
        private int _number;

        public override Task PassAsync(FaultScene scene, JsonObject responseEvent, CancellationToken cancellationToken)
        {
            responseEvent["sequence_number"] = _number++;
            return scene.SendAsync(responseEvent, cancellationToken);
        }
    }

    /// <summary>Adds meaningless padding, so that the text stays the same.</summary>
    private sealed class BigFrame : ResponseFault
    {
        private const int Bytes = 10 * 1024 * 1024;

        public override Task ApplyAsync(FaultScene scene, JsonObject next, CancellationToken cancellationToken)
        {
            next["obfuscation"] = new string('x', Bytes);
            return Task.CompletedTask;
        }
    }

    private sealed class SlowDrip : ResponseFault
    {
        private const int PieceBytes = 64;

        public override Task PassAsync(FaultScene scene, JsonObject responseEvent, CancellationToken cancellationToken)
        {
            scene.CountSent(responseEvent);
            return scene.Wire.SendSlowlyAsync(
                responseEvent, PieceBytes, token => scene.PauseAsync(scene.Fault.Pause, token), cancellationToken);
        }
    }
}
