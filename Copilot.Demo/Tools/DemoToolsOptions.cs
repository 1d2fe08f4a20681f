using Copilot.Domain.Settings;

namespace Copilot.Demo.Tools;

/// <summary>The sample company that the demo tools work on. Configuration section <c>DemoTools</c>.</summary>
internal sealed class DemoToolsOptions
{
    public const string Section = "DemoTools";

    /// <summary>
    /// Whether the sample company is there: its database, its tools and the examples on the empty page. Default: as <c>Demo:Enabled</c>.
    /// </summary>
    [Default("as `Demo:Enabled`")]
    public bool Enabled { get; set; }

    /// <summary>
    /// The SQLite file, relative to the content root. Made and filled at the first start; delete it for a fresh company.
    /// Default: <c>App_Data/demo.db</c>.
    /// </summary>
    [Needed("the path of the sample database, like App_Data/demo.db")]
    public string DatabasePath { get; set; } = "App_Data/demo.db";

    /// <summary>
    /// How long each tool takes before it looks at its data, so that people can see it work.
    /// Default: 400 ms.
    /// </summary>
    [Delay("00:01:00")]
    public TimeSpan Latency { get; set; } = TimeSpan.FromMilliseconds(400);
}
