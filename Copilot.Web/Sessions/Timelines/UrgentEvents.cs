using Copilot.Domain.Responses.Events;
using Copilot.Domain.Runs.Events;

namespace Copilot.Web.Sessions.Timelines;

/// <summary>
/// Tells which events of a run are to be drawn at once: the first after 50 ms of quiet, the first words of an item, and every
/// change of tool or status. The rest is a stream, which <see cref="RenderPace"/> draws in steps.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class UrgentEvents(TimeProvider time)
{
    /// <summary>An event after this much silence is urgent.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(50);

    private readonly HashSet<(string?, int, DeltaKind)> _begun = [];
    private long? _lastArrival;

    /// <summary>True when a batch that has just come holds an urgent event.</summary>
    public bool Observe(IReadOnlyList<RunEvent> batch)
    {
        var now = time.GetTimestamp();
        var urgent = _lastArrival is not { } last || time.GetElapsedTime(last, now) >= Quiet;
        _lastArrival = now;
        foreach (var runEvent in batch)
        {
            urgent |= IsUrgent(runEvent);
        }

        return urgent;
    }

    private bool IsUrgent(RunEvent runEvent) => runEvent.Upstream switch
    {
        null => true,
        TextDeltaEvent delta => _begun.Add((delta.ItemId ?? runEvent.ResponseId, delta.OutputIndex, delta.Kind)),
        ResponseLifecycleEvent or OutputItemEvent or ResponseErrorEvent => true,
        _ => false,
    };
}
