using Copilot.Web.Sessions.Timelines;

namespace Copilot.Web.Sessions;

/// <summary>
/// Decides when a viewer draws: an urgent event (<see cref="UrgentEvents"/>) and the end at once, the rest 60 ms after the last
/// drawing. What came last is always drawn. While what had happened before the viewer looked is still being read, nothing is drawn.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="catchUpTo">Seq that was the newest when the viewer began to look.</param>
internal sealed class RenderPace(TimeProvider time, long catchUpTo)
{
    /// <summary>Time between two drawings of a stream.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(60);

    private long _drawnSeq;
    private long _lastDrawn;

    /// <summary>True while the step has something that is not drawn.</summary>
    public bool Waits(TimelineStep step) => step.State.HeadSeq > _drawnSeq;

    /// <summary>Time until the step is to be drawn, zero for now; null when it is not.</summary>
    public TimeSpan? Due(TimelineStep step)
    {
        if (!Waits(step) || (step.State.HeadSeq < catchUpTo && !step.HasEnded))
        {
            return null;
        }

        if (step.HasEnded || step.UrgentSeq > _drawnSeq)
        {
            return TimeSpan.Zero;
        }

        var left = Interval - time.GetElapsedTime(_lastDrawn);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>Takes note that a step was drawn.</summary>
    public void Drawn(TimelineStep step)
    {
        _drawnSeq = step.State.HeadSeq;
        _lastDrawn = time.GetTimestamp();
    }
}
