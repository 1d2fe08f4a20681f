using System.Collections.Frozen;
using Copilot.Demo.Upstream.Answering;
using Copilot.Demo.Upstream.Protocol;
namespace Copilot.Demo.Upstream.Faults.Applied;

/// <summary>The response faults by name.</summary>
internal static class ResponseFaults
{
    private static readonly FrozenDictionary<string, Func<ResponseFault>> s_byName =
        ErrorFaults.All.Concat(EndFaults.All).Concat(OddFaults.All).ToFrozenDictionary();

    /// <summary>The names of all faults that are applied to events.</summary>
    public static IEnumerable<string> Names => s_byName.Keys;

    /// <summary>The engine's sink: the wire itself, or a fault in front of it.</summary>
    public static IEventSink SinkOf(IResponseWire wire, FaultRequest? fault, CreateRequest request, TimeProvider time) =>
        fault is not null && s_byName.TryGetValue(fault.Name, out var make)
            ? new FaultySink(new FaultScene(wire, fault, request, time), make())
            : wire;
}
