using Copilot.Domain.Responses.Events;
using Copilot.Domain.Runs.Events;

namespace Copilot.Web.Sessions;

/// <summary>
/// Decides when a viewer draws: at once after 50 ms of quiet, at the first words of an item, at a change of tool or status and at
/// the end; the rest 75 ms after the last drawing. What came last is always drawn. While the viewer still reads what had
/// happened before it looked, nothing is drawn.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="catchUpTo">Seq that was the newest when the viewer began to look.</param>
internal sealed class RenderPace(TimeProvider time, long catchUpTo)
{
    /// <summary>An event after this much silence is drawn at once.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(50);

    /// <summary>Time between two drawings of a stream.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(75);

    private readonly HashSet<(string?, int, DeltaKind)> _begun = [];
    private long? _lastArrival;
    private long _lastDrawn;
    private bool _urgent;

    /// <summary>Takes note of a batch that has just been folded.</summary>
    public void Observe(IReadOnlyList<RunEvent> batch)
    {
        if (batch.Count == 0)
        {
            return;
        }

        var now = time.GetTimestamp();
        Waits = true;
        _urgent |= _lastArrival is not { } last || time.GetElapsedTime(last, now) >= Quiet;
        _lastArrival = now;
        foreach (var e in batch)
        {
            _urgent |= IsTurn(e);
        }

        CaughtUp |= batch[^1].Seq >= catchUpTo;
    }

    /// <summary>True while something folded is not drawn.</summary>
    public bool Waits { get; private set; }

    /// <summary>True once everything that had happened before the viewer looked is folded.</summary>
    public bool CaughtUp { get; private set; } = catchUpTo == 0;

    /// <summary>Time until the next drawing, zero for now; null when there is nothing to draw.</summary>
    public TimeSpan? Due()
    {
        if (!Waits || !CaughtUp)
        {
            return null;
        }

        if (_urgent)
        {
            return TimeSpan.Zero;
        }

        var left = Interval - time.GetElapsedTime(_lastDrawn);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>Takes note that everything folded so far is drawn.</summary>
    public void Drawn()
    {
        Waits = false;
        _urgent = false;
        _lastDrawn = time.GetTimestamp();
    }

    private bool IsTurn(RunEvent e) => e.Upstream switch
    {
        null => true,
        TextDeltaEvent delta => _begun.Add((delta.ItemId ?? e.ResponseId, delta.OutputIndex, delta.Kind)),
        ResponseLifecycleEvent or OutputItemEvent or ResponseErrorEvent => true,
        _ => false,
    };
}
