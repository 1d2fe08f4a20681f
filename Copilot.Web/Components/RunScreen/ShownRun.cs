using Copilot.Web.Sessions.RunScreen;

namespace Copilot.Web.Components.RunScreen;

/// <summary>A page's look at one run, and where it is in it.</summary>
/// <param name="RunId">The run in the address.</param>
/// <param name="Run">The run.</param>
/// <param name="Head">The moment that is shown.</param>
internal sealed record ShownRun(string RunId, IRunSource Run, Playhead Head) : IAsyncDisposable
{
    /// <summary>Ends it.</summary>
    public ValueTask DisposeAsync()
    {
        Head.Dispose();
        return Run.DisposeAsync();
    }
}
