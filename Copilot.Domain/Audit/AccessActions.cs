namespace Copilot.Domain.Audit;

/// <summary>
/// What the access log can say beside the changes to people, keys, permissions and levers, which have names of their own. Stored, so a
/// value may be added and never changed.
/// </summary>
public static class AccessActions
{
    /// <summary>Read somebody else's conversation.</summary>
    public const string SessionRead = "session_read";

    /// <summary>Began to follow somebody else's run while it works.</summary>
    public const string RunAttached = "run_attached";

    /// <summary>Opened somebody else's run after its end.</summary>
    public const string RunOpened = "run_opened";

    /// <summary>Opened the live wall, which shows the newest text of all runs that they supervise.</summary>
    public const string WallOpened = "wall_opened";

    /// <summary>Downloaded a file from somebody else's conversation.</summary>
    public const string FileRead = "file_read";

    /// <summary>Was shown runs of others among the hits of a search.</summary>
    public const string SearchHits = "search_hits";

    /// <summary>Was shown runs of others in which a rule of supervision would have fired.</summary>
    public const string RuleTried = "rule_tried";

    /// <summary>Read the comments on somebody else's run without opening it.</summary>
    public const string CommentsRead = "comments_read";

    /// <summary>Commented on somebody else's run: set a marker, replied, edited, deleted, settled, reopened.</summary>
    public const string Commented = "commented";

    /// <summary>Exported a run, a session or a clip.</summary>
    public const string Exported = "exported";

    /// <summary>Forked somebody else's run into a conversation of their own.</summary>
    public const string RunForked = "run_forked";

    /// <summary>Read the access log.</summary>
    public const string AuditRead = "audit_read";

    /// <summary>Exported the access log or a checkpoint.</summary>
    public const string AuditExported = "audit_exported";

    /// <summary>Verified what is stored.</summary>
    public const string AuditVerified = "audit_verified";

    /// <summary>Changed a rule of supervision.</summary>
    public const string RuleChanged = "rule_changed";

    /// <summary>Changed what is retained, held or deleted.</summary>
    public const string RetentionChanged = "retention_changed";

    /// <summary>The program was started with other settings for prices, tools or retention.</summary>
    public const string SettingsChanged = "settings_changed";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        SessionRead, RunAttached, RunOpened, WallOpened, FileRead, SearchHits, RuleTried, CommentsRead, Commented, Exported, RunForked, AuditRead,
        AuditExported, AuditVerified,
        RuleChanged, RetentionChanged, SettingsChanged,
    ];
}
