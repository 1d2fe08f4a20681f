namespace Copilot.Web.Sessions.Finding;

/// <summary>How far a list of runs is.</summary>
public enum RunListPhase
{
    /// <summary>Nothing has been read yet.</summary>
    Loading,

    /// <summary>It is there.</summary>
    Open,

    /// <summary>The person may see no runs.</summary>
    Denied,

    /// <summary>The search was given up after a few seconds.</summary>
    Slow,

    /// <summary>It could not be read.</summary>
    Failed,
}
