namespace Copilot.Web.Sessions.Importing;

/// <summary>How the hash chain of a run in a file is.</summary>
public enum ChainFinding
{
    /// <summary>Every event follows from the one before it, from the first one on.</summary>
    Verified,

    /// <summary>Something was made unreadable at the export, so there is no chain.</summary>
    Covered,

    /// <summary>A stretch of a run: its chain does not begin in the file.</summary>
    Clip,

    /// <summary>An event is not what was recorded.</summary>
    Broken,
}
