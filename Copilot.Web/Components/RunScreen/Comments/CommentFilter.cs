namespace Copilot.Web.Components.RunScreen.Comments;

/// <summary>Which comments are shown.</summary>
public enum CommentFilter
{
    /// <summary>Those that nobody has settled.</summary>
    Open,

    /// <summary>Those that were settled.</summary>
    Settled,

    /// <summary>All of them.</summary>
    All,
}
