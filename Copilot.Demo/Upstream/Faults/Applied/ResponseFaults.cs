using System.Collections.Frozen;
using Copilot.Demo.Upstream.Answering;
using Copilot.Demo.Upstream.Protocol;
namespace Copilot.Demo.Upstream.Faults.Applied;

/// <summary>Which fault does what to a response.</summary>
internal static class ResponseFaults
{
    private static readonly FrozenDictionary<string, Func<ResponseFault>> s_byName =
        ErrorFaults.All.Concat(EndFaults.All).Concat(OddFaults.All).ToFrozenDictionary();

    /// <summary>The names of all faults that are done to the events.</summary>
    public static IEnumerable<string> Names => s_byName.Keys;

    /// <summary>What the engine sends to: the wire itself, or a fault before it.</summary>
    public static IEventSink SinkOf(IResponseWire wire, FaultRequest? order, CreateRequest request, TimeProvider time) =>
        order is not null && s_byName.TryGetValue(order.Name, out var make)
            ? new FaultySink(new FaultScene(wire, order, request, time), make())
            : wire;
}
