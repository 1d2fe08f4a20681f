namespace Copilot.Web.Sessions.RunScreen;

/// <summary>Makes a page's look at a run; the page disposes it. (A transient service would live until the circuit ends.)</summary>
internal sealed class WatchedRuns(IServiceProvider services)
{
    /// <summary>A look at nothing yet.</summary>
    public WatchedRun Create() => ActivatorUtilities.CreateInstance<WatchedRun>(services);
}
