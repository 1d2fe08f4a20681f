namespace Copilot.Web.DemoUpstream;

/// <summary>How the demo upstream behaves. Bound by the caller, read at every response.</summary>
public sealed class DemoUpstreamOptions
{
    /// <summary>
    /// Speed of the scripted model, in tokens (word pieces) per second; its thinking pauses scale with it.
    /// A human pace makes the streaming visible, 0 removes every pause. Default: 45.
    /// </summary>
    public double TokensPerSecond { get; set; } = 45;
}
