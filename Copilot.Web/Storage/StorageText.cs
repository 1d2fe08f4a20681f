namespace Copilot.Web.Storage;

/// <summary>What a start says about its database.</summary>
internal static class StorageText
{
    private const int MostNames = 5;

    /// <summary>The file's place is wrong, or its rights are.</summary>
    public const string Advice = "Set ConnectionStrings__Copilot to a SQLite file that can be written, like Data Source=App_Data/copilot.db.";

    /// <summary>The file can be found and is held by somebody.</summary>
    public const string AdviceLocked = "End what has it open, such as a backup or a tool that shows databases, and start again.";

    /// <summary>The file can be found and cannot be read.</summary>
    public const string AdviceDamaged = "Put a backup of it in its place together with the files and keys of that time, or move it away to begin with an empty one.";

    /// <summary>Two servers on one database.</summary>
    public static string OtherServer(string database) =>
        $"Another server uses {database}. Stop it first, or give this one a folder or a database of its own (ConnectionStrings__Copilot).";

    /// <summary>A database with tables of its own.</summary>
    public static string NotMigrated(string database, string problem) =>
        $"{database} could not be brought up to date ({problem.TrimEnd('.')}). If it belongs to another program, set ConnectionStrings__Copilot to another file. If it is this one's, put back the backup that was made before the update.";

    /// <summary>An old program with a new database.</summary>
    public static string Newer(string database) =>
        $"{database} was brought up to date by a newer version of the program, and this one cannot use it. Start that version, or put back the backup that was made before the update.";

    /// <summary>A database that somebody has changed by hand.</summary>
    public static string Incomplete(string database, IReadOnlyList<string> missing) =>
        $"{database} lacks {string.Join(", ", missing.Take(MostNames))}{(missing.Count > MostNames ? $" and {missing.Count - MostNames} more" : "")}. Something other than this program has changed it: put back the last backup.";
}
