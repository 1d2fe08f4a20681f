using System.Globalization;
using Copilot.Demo.Upstream.Faults;
using Copilot.Demo.Upstream.Network;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
namespace Copilot.Tests.Soak;

/// <summary>What one run of the soak does and meets, drawn by chance.</summary>
internal sealed record SoakPlan
{
    /// <summary>Faults after which nothing more comes for as long as one waits; only a person ends such a run.</summary>
    private static readonly HashSet<string> s_endless = ["silence"];

    private static readonly string[] s_tools = [SoakTools.Look, SoakTools.Act, SoakTools.Book];
    private static readonly string[] s_stops =
        [RunEventTypes.TransportConnecting, RunEventTypes.AttemptSent, "response.output_text.delta", RunEventTypes.ToolStarted, RunEventTypes.AttemptRetryScheduled];

    public required int Index { get; init; }

    public DemoFaultKind? Fault { get; init; }

    /// <summary>How often the fault strikes.</summary>
    public int FaultTimes { get; init; }

    /// <summary>How many requests go well before it.</summary>
    public int FaultSkip { get; init; }

    public int ToolRounds { get; init; }

    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>The person stops the run when it has so many events of this type, or null.</summary>
    public (string Type, int Count)? Stop { get; init; }

    /// <summary>After so many events the follower goes; when the first flag is set, another comes where it was.</summary>
    public (bool Returns, int After)? Detach { get; init; }

    public static SoakPlan Draw(Random random, int index)
    {
        var (toolRounds, skip, times) = (random.Next(0, 4), random.Next(0, 2), random.Next(3) == 0 ? 2 : 1);
        var metadata = new Dictionary<string, string>
        {
            ["demo.tool_rounds"] = Text(toolRounds),
            ["demo.calls_per_round"] = Text(random.Next(1, 4)),
            ["demo.tool"] = s_tools[random.Next(s_tools.Length)],
            ["demo.answer_tokens"] = Text(random.Next(5, 60)),
            ["demo.tokens_per_second"] = random.Next(3) == 0 ? "200" : "0",
        };
        var fault = random.Next(4) == 0 ? null : DemoFaultCatalog.All[random.Next(DemoFaultCatalog.All.Length)];
        if (fault is { Place: not DemoFaultStage.Upgrade })
        {
            metadata["demo.fault"] = fault.Name;
            metadata["demo.fault_skip"] = Text(skip);
            metadata["demo.fault_times"] = Text(times);
            metadata["demo.fault_seconds"] = fault.Name == "slow_drip" ? "0.001" : "0.05";
        }

        if (random.Next(5) == 0)
        {
            metadata[DemoNetwork.Key] = NetworkProfile.All[random.Next(NetworkProfile.All.Length)].Name;
        }

        return new SoakPlan
        {
            Index = index,
            Fault = fault,
            FaultTimes = times,
            FaultSkip = skip,
            ToolRounds = toolRounds,
            Metadata = metadata,
            Stop = fault is not null && s_endless.Contains(fault.Name)
                ? ("response.in_progress", 1)
                : random.Next(6) == 0 ? (s_stops[random.Next(s_stops.Length)], random.Next(1, 3)) : null,
            Detach = random.Next(3) switch
            {
                0 => (true, random.Next(1, 30)),
                1 when fault is null => (false, random.Next(1, 30)),
                _ => null,
            },
        };
    }

    public override string ToString() =>
        $"run {Index}: {string.Join(' ', Metadata.Select(pair => $"{pair.Key["demo.".Length..]}={pair.Value}"))}"
        + (Stop is { } stop ? $", stopped at {stop.Type} × {stop.Count}" : "")
        + (Detach is { } detach ? $", follower {(detach.Returns ? "changes" : "goes")} after {detach.After}" : "");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
