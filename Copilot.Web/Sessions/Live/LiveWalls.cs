namespace Copilot.Web.Sessions.Live;

/// <summary>Makes a page's wall; the page disposes it. (A transient service would live until the circuit ends.)</summary>
internal sealed class LiveWalls(IServiceProvider services)
{
    /// <summary>A wall that shows nothing yet.</summary>
    public LiveWall Create() => ActivatorUtilities.CreateInstance<LiveWall>(services);
}
