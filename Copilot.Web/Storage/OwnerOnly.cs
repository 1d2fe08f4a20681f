using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace Copilot.Web.Storage;

/// <summary>
/// Keeps other accounts of the machine out of what the program writes: conversations, password hashes and logs. On Windows folders inherit
/// the rights of the one above, and nothing is done.
/// </summary>
internal static class OwnerOnly
{
    private const UnixFileMode File = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Folder = File | UnixFileMode.UserExecute;

    /// <summary>All that this process creates from now on is its account's alone.</summary>
    public static void Begin()
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = SetMask(Convert.ToUInt32("077", 8));
        }
    }

    /// <summary>Takes other accounts' rights from the application's folder and the database, as a version before may have made them.</summary>
    /// <param name="contentRoot">The application's content root.</param>
    /// <param name="connectionString">Of the database, which may be elsewhere; then its folder stays as it is.</param>
    public static void Tighten(string contentRoot, string connectionString)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var data = Path.Combine(contentRoot, "App_Data");
        foreach (var folder in new[] { data, Path.Combine(data, "logs") }.Where(Directory.Exists))
        {
            Limit(folder, Folder);
            LimitFiles(folder, "*");
        }

        var database = new SqliteConnectionStringBuilder(connectionString).DataSource;
        if (Path.GetDirectoryName(database) is { Length: > 0 } place && Directory.Exists(place))
        {
            LimitFiles(place, Path.GetFileName(database) + "*");
        }
    }

    private static void LimitFiles(string folder, string pattern)
    {
        try
        {
            foreach (var file in Directory.GetFiles(folder, pattern))
            {
                Limit(file, File);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Who may not list it did not make it.
        }
    }

    private static void Limit(string path, UnixFileMode mode)
    {
        try
        {
            if (!OperatingSystem.IsWindows() && (System.IO.File.GetUnixFileMode(path) & ~mode) != 0)
            {
                System.IO.File.SetUnixFileMode(path, System.IO.File.GetUnixFileMode(path) & mode);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another account's file, or gone by now.
        }
    }

#pragma warning disable SYSLIB1054 // The generated marshalling would need unsafe code.
    [DllImport("libc", EntryPoint = "umask")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint SetMask(uint mask);
#pragma warning restore SYSLIB1054
}
