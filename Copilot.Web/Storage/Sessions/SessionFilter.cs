namespace Copilot.Web.Storage.Sessions;

/// <summary>Which of a person's sessions are listed.</summary>
internal enum SessionFilter
{
    /// <summary>Those that were not put away.</summary>
    Current,

    /// <summary>Those that were put away.</summary>
    Archived,

    /// <summary>Those that were pinned, the newest pin first.</summary>
    Pinned,

    /// <summary>All.</summary>
    All,
}
