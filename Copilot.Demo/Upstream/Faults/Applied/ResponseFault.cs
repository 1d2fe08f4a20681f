using System.Text.Json.Nodes;

namespace Copilot.Demo.Upstream.Faults.Applied;

/// <summary>What one fault does to a response. It has no state of its own beyond one response.</summary>
internal abstract class ResponseFault
{
    /// <summary>Whether this response has no place for the fault.</summary>
    public virtual bool Spares(FaultScene scene) => false;

    /// <summary>Happens once, before the next event goes out.</summary>
    public virtual Task ApplyAsync(FaultScene scene, JsonObject next, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Happens to every event from the strike on, the next one included.</summary>
    public virtual Task PassAsync(FaultScene scene, JsonObject responseEvent, CancellationToken cancellationToken) =>
        scene.SendAsync(responseEvent, cancellationToken);
}
