namespace Copilot.Web.Security;

/// <summary>What an API key may be used for. Each address of the HTTP API needs one of these; a key never allows what its owner may not do.</summary>
internal static class ApiScopes
{
    /// <summary>Read and follow runs.</summary>
    public const string RunsRead = "runs:read";

    /// <summary>Start, steer and stop runs, decide approvals, raise budgets.</summary>
    public const string RunsWrite = "runs:write";

    /// <summary>Read and download files.</summary>
    public const string FilesRead = "files:read";

    /// <summary>Upload files.</summary>
    public const string FilesWrite = "files:write";

    /// <summary>Read sessions, their costs and deletion records.</summary>
    public const string SessionsRead = "sessions:read";

    /// <summary>Delete sessions.</summary>
    public const string SessionsDelete = "sessions:delete";

    /// <summary>Read the levers for an incident.</summary>
    public const string LeversRead = "levers:read";

    /// <summary>Set and undo levers.</summary>
    public const string LeversWrite = "levers:write";

    /// <summary>Read rules, and try one on the past.</summary>
    public const string RulesRead = "rules:read";

    /// <summary>Write, change and remove rules.</summary>
    public const string RulesWrite = "rules:write";

    /// <summary>Read retention rules and legal holds.</summary>
    public const string RetentionRead = "retention:read";

    /// <summary>Set and remove retention rules, set and lift legal holds.</summary>
    public const string RetentionWrite = "retention:write";

    /// <summary>All of them, in the order in which they are shown.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        RunsRead, RunsWrite, FilesRead, FilesWrite, SessionsRead, SessionsDelete, LeversRead, LeversWrite, RulesRead, RulesWrite, RetentionRead,
        RetentionWrite,
    ];

    /// <summary>The scopes of a key from its row: null is a key of before there were scopes, which has all.</summary>
    public static IReadOnlyList<string> Parse(string? stored) => stored?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? All;

    /// <summary>How a row has them.</summary>
    public static string Format(IEnumerable<string> scopes) => string.Join(' ', All.Where(scopes.Contains));
}
