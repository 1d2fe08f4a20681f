using Copilot.Domain.Settings;

namespace Copilot.Web.Options;

/// <summary>
/// Demo mode: accounts without passwords, a known API key and a local upstream, for one person on one machine. Bound from
/// <c>Demo</c>. The product refuses to start in demo mode on an address that other machines can reach.
/// </summary>
public sealed class DemoOptions
{
    /// <summary>Whether demo mode is on: demo accounts, demo key and demo upstream. Default: true in the Development environment, else false.</summary>
    [Default("`true` in the Development environment, else `false`")]
    public bool Enabled { get; set; }

    /// <summary>API key of the first staff account, also sent to the demo upstream; used only in demo mode. Default: <c>demo-key</c>.</summary>
    [Matches(@"[^\s\p{Cc}]*", "text without spaces: it travels in a header", IsSecret = true)]
    public string ApiKey { get; set; } = "demo-key";

    /// <summary>
    /// Pace of the demo upstream's text, in tokens a second; 0 streams as fast as it can. The default is about as fast as people
    /// read. Default: 40.
    /// </summary>
    [AtLeast(0)]
    public double TokensPerSecond { get; set; } = 40;
}
