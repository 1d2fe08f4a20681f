using System.ComponentModel;
using Copilot.Demo.Upstream.Faults;
using Copilot.Domain.Settings;
using Microsoft.Extensions.Options;

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
    /// <remarks>The product sets it from a setting of its own, <c>Demo:TokensPerSecond</c>.</remarks>
    [Browsable(false)]
    [AtLeast(0)]
    public double TokensPerSecond { get; set; } = 45;

    /// <summary>The faults the demo upstream starts with, to rehearse outages. Default: none.</summary>
    [ValidateEnumeratedItems]
    public IList<DemoFault> Faults { get; } = [];

    /// <summary>The network the demo upstream starts behind. Default: none, the bare loopback.</summary>
    [OneOf("fiber", "office-proxy", "4g", "bad-4g")]
    public string? Network { get; set; }

    /// <summary>
    /// How old a WebSocket of the demo upstream may get; then it says so, whatever it is doing, and is good for nothing more. Default:
    /// 60 minutes, as the real one.
    /// </summary>
    [Duration("30.00:00:00")]
    public TimeSpan? MaxConnectionAge { get; set; } = TimeSpan.FromMinutes(60);

    /// <summary>Whether a WebSocket that is too old is closed, with 1000, or left open. Default: true.</summary>
    public bool ClosesAtMaxAge { get; set; } = true;

    /// <summary>Where chance starts, so that the same requests meet the same faults and delays again. Default: 1.</summary>
    public int Seed { get; set; } = 1;
}
