namespace Copilot.Domain.Replay.Clock;

/// <summary>A stretch that is played evenly. Run times count from the run's first event, playing times from the press of play at its beginning.</summary>
/// <param name="RunFrom">Where it begins in the run.</param>
/// <param name="RunTo">Where it ends in the run.</param>
/// <param name="PlayFrom">When it begins to be played.</param>
/// <param name="PlayTo">When it has been played: at once for a jump.</param>
/// <param name="Wait">What was waited for in it, where it is passed quickly; null where it is played.</param>
public readonly record struct PlaybackSegment(TimeSpan RunFrom, TimeSpan RunTo, TimeSpan PlayFrom, TimeSpan PlayTo, WaitReason? Wait)
{
    /// <summary>How long it was in the run.</summary>
    public TimeSpan RunLength => RunTo - RunFrom;
}
