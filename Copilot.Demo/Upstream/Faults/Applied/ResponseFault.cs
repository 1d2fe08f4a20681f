using System.Text.Json.Nodes;

namespace Copilot.Demo.Upstream.Faults.Applied;

/// <summary>What one fault does to a response. Its state lasts for one response only.</summary>
internal abstract class ResponseFault
{
    /// <summary>True when the fault does not apply to this response.</summary>
    public virtual bool Spares(FaultScene scene) => false;

    /// <summary>Applied once, before the next event is sent.</summary>
    public virtual Task ApplyAsync(FaultScene scene, JsonObject next, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Applies to every event after that, including the next one.</summary>
    public virtual Task PassAsync(FaultScene scene, JsonObject responseEvent, CancellationToken cancellationToken) =>
        scene.SendAsync(responseEvent, cancellationToken);
}
