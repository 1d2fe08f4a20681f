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

    /// <summary>Erase its session and see the record. Not for supervisors: they must not delete what they supervise.</summary>
    Erase,
}
