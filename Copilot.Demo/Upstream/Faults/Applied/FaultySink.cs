using System.Text.Json.Nodes;
using Copilot.Demo.Upstream.Answering;
namespace Copilot.Demo.Upstream.Faults.Applied;

/// <summary>Passes a response's events on until its fault is due, and then leaves them to the fault.</summary>
internal sealed class FaultySink(FaultScene scene, ResponseFault fault) : IEventSink
{
    private int _counted;
    private bool _wasDue;
    private bool _struck;

    public async Task SendAsync(JsonObject responseEvent, CancellationToken cancellationToken)
    {
        if (!_wasDue && IsDue(responseEvent))
        {
            _wasDue = true;
            _struck = fault.Spares(scene) is false && scene.Order.Apply();
            if (_struck)
            {
                await fault.ApplyAsync(scene, responseEvent, cancellationToken);
            }
        }

        _counted += Counts(responseEvent) ? 1 : 0;
        if (_struck)
        {
            await fault.PassAsync(scene, responseEvent, cancellationToken);
        }
        else
        {
            await scene.SendAsync(responseEvent, cancellationToken);
        }
    }

    private bool IsDue(JsonObject responseEvent) => scene.Order.Counts == FaultCount.Events
        ? _counted >= scene.Order.At || FaultScene.IsTerminal(responseEvent)
        : _counted >= scene.Order.At && Counts(responseEvent);

    private bool Counts(JsonObject responseEvent) => scene.Order.Counts switch
    {
        FaultCount.TextDeltas => (string?)responseEvent["type"] == "response.output_text.delta",
        FaultCount.ArgumentDeltas => (string?)responseEvent["type"] == "response.function_call_arguments.delta",
        _ => true,
    };
}
