namespace Copilot.Demo.Tools;

/// <summary>The sample company that the demo tools work on. Configuration section <c>DemoTools</c>.</summary>
internal sealed class DemoToolsOptions
{
    public const string Section = "DemoTools";

    /// <summary>
    /// The SQLite file, relative to the content root. Created and filled at the first start; delete it for a fresh company.
    /// Default <c>App_Data/demo.db</c>.
    /// </summary>
    public string DatabasePath { get; set; } = "App_Data/demo.db";

    /// <summary>
    /// How long each tool waits before it reads its data, so that people can see it work. Zero for tests and benches.
    /// Default 400 ms, at most one minute.
    /// </summary>
    public TimeSpan Latency { get; set; } = TimeSpan.FromMilliseconds(400);
}
