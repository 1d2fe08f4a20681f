namespace Copilot.Domain.Runs;

/// <summary>What somebody wants to do with a run or its session.</summary>
public enum RunAction
{
    /// <summary>See it, live or later.</summary>
    View,

    /// <summary>Write in its session: send, retry, edit, rate, rename.</summary>
    Write,

    /// <summary>Stop, resume or remove it, or tell it something while it works.</summary>
    Control,

    /// <summary>Forget its session, and see the proof. Not for supervisors: what they watch they may not wipe out.</summary>
    Forget,
}
