namespace Copilot.Domain.Replay.Lanes;

/// <summary>What a mark in the overview stands for.</summary>
public enum LaneMarkKind
{
    /// <summary>Something went wrong.</summary>
    Error,

    /// <summary>A person was asked.</summary>
    Approval,

    /// <summary>A person said, decided or did something.</summary>
    Person,
}

/// <summary>A mark in the overview of a run.</summary>
/// <param name="Kind">What it stands for.</param>
/// <param name="At">When (UTC).</param>
/// <param name="Seq">The event's number.</param>
public readonly record struct LaneMark(LaneMarkKind Kind, DateTimeOffset At, long Seq);
