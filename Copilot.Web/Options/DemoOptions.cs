namespace Copilot.Web.Options;

/// <summary>
/// Demo mode: accounts without passwords, a known API key and a local upstream, for one person on one machine. Bound from
/// <c>Demo</c>. The product refuses to start in demo mode on an address that other machines can reach.
/// </summary>
public sealed class DemoOptions
{
    /// <summary>Whether demo mode is on. Default: true in the Development environment, else false.</summary>
    public bool Enabled { get; set; }

    /// <summary>API key of the first staff account, also sent to the demo upstream. Default <c>demo-key</c>; used only in demo mode.</summary>
    public string ApiKey { get; set; } = "demo-key";

    /// <summary>Pace of the demo upstream's text, in tokens a second; 0 streams as fast as it can. Default: about as fast as people read.</summary>
    public double TokensPerSecond { get; set; } = 40;
}
