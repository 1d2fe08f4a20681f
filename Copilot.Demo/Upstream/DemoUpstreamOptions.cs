using Copilot.Demo.Upstream.Faults;

namespace Copilot.Demo.Upstream;

/// <summary>
/// How the demo upstream behaves. Bound from <see cref="Section"/>; the pace is read at every response, the age at every
/// upgrade, the rest at the start.
/// </summary>
public sealed class DemoUpstreamOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Demo:Upstream";

    /// <summary>
    /// Speed of the scripted model, in tokens (word pieces) per second; its thinking pauses scale with it.
    /// A human pace makes the streaming visible, 0 removes every pause. Default: 45.
    /// </summary>
    public double TokensPerSecond { get; set; } = 45;

    /// <summary>The faults injected at start-up; <see cref="DemoFaults"/> changes them later. Default: none.</summary>
    public IList<DemoFault> Faults { get; } = [];

    /// <summary>
    /// Name of the <see cref="Network.NetworkProfile"/> simulated at start-up; <see cref="Network.DemoNetwork"/> changes it
    /// later. Default: none, the bare loopback.
    /// </summary>
    public string? Network { get; set; }

    /// <summary>
    /// Maximum age of a WebSocket; after that it reports the limit, even during a response, and accepts no more requests. Null: any age.
    /// Default: 60 minutes, as the real one.
    /// </summary>
    public TimeSpan? MaxConnectionAge { get; set; } = TimeSpan.FromMinutes(60);

    /// <summary>Whether a WebSocket that is too old is closed, with 1000, or left open. Undocumented of the real one. Default: closed.</summary>
    public bool ClosesAtMaxAge { get; set; } = true;

    /// <summary>Seed of the random generator, so that the same requests meet the same faults and delays. Default: 1.</summary>
    public int Seed { get; set; } = 1;
}
