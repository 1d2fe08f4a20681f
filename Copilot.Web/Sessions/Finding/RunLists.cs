namespace Copilot.Web.Sessions.Finding;

/// <summary>Makes a page's list; the page disposes it. (A transient service would live until the circuit ends.)</summary>
internal sealed class RunLists(IServiceProvider services)
{
    /// <summary>A list that shows nothing yet.</summary>
    public RunList Create() => ActivatorUtilities.CreateInstance<RunList>(services);
}
