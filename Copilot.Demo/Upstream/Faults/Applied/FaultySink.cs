using System.Text.Json.Nodes;
using Copilot.Demo.Upstream.Answering;
namespace Copilot.Demo.Upstream.Faults.Applied;

/// <summary>Forwards a response's events until its fault is due, and then passes them to the fault.</summary>
internal sealed class FaultySink(FaultScene scene, ResponseFault fault) : IEventSink
{
    private int _counted;
    private bool _wasDue;
    private bool _applied;

    public async Task SendAsync(JsonObject responseEvent, CancellationToken cancellationToken)
    {
        if (!_wasDue && IsDue(responseEvent))
        {
            _wasDue = true;
            _applied = fault.Spares(scene) is false && scene.Fault.Apply();
            if (_applied)
            {
                await fault.ApplyAsync(scene, responseEvent, cancellationToken);
            }
        }

        _counted += Counts(responseEvent) ? 1 : 0;
        if (_applied)
        {
            await fault.PassAsync(scene, responseEvent, cancellationToken);
        }
        else
        {
            await scene.SendAsync(responseEvent, cancellationToken);
        }
    }

    private bool IsDue(JsonObject responseEvent) => scene.Fault.Counts == FaultCount.Events
        ? _counted >= scene.Fault.At || FaultScene.IsTerminal(responseEvent)
        : _counted >= scene.Fault.At && Counts(responseEvent);

    private bool Counts(JsonObject responseEvent) => scene.Fault.Counts switch
    {
        FaultCount.TextDeltas => (string?)responseEvent["type"] == "response.output_text.delta",
        FaultCount.ArgumentDeltas => (string?)responseEvent["type"] == "response.function_call_arguments.delta",
        _ => true,
    };
}
