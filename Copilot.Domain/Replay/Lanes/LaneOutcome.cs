namespace Copilot.Domain.Replay.Lanes;

/// <summary>How what a bar shows has ended.</summary>
public enum LaneOutcome
{
    /// <summary>It goes on.</summary>
    Open,

    /// <summary>As it should.</summary>
    Done,

    /// <summary>With an error, late, or nobody knows how.</summary>
    Failed,

    /// <summary>It was not allowed, cancelled, or no longer counts.</summary>
    Dropped,
}
