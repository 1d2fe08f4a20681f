using Copilot.Web.Options;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Storage;

/// <summary>
/// Looks whether the disks have room for something new. What is under way needs the rest to come to its end: a disk that is full stops
/// everything.
/// </summary>
internal sealed partial class FreeSpace(string database, IOptions<LimitOptions> limits, TimeProvider time, ILogger<FreeSpace> logger)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private long? _loggedAt;

    /// <summary>True when the disk of the database has less than <see cref="LimitOptions.MinFreeBytes"/>.</summary>
    public bool IsLow() => IsLow(database);

    /// <summary>True when the disk of a file or folder, which may not exist yet, has less than <see cref="LimitOptions.MinFreeBytes"/>.</summary>
    /// <param name="path">Its absolute path.</param>
    public bool IsLow(string path)
    {
        if (limits.Value.MinFreeBytes == 0 || FreeBytes(path) is not { } free || free >= limits.Value.MinFreeBytes)
        {
            return false;
        }

        if (IsToLog())
        {
            LogLow(path, free);
        }

        return true;
    }

    // Null where the system does not say it: then whoever writes finds out.
    private static long? FreeBytes(string path)
    {
        try
        {
            var folder = Path.GetDirectoryName(path);
            while (folder is not null && !Directory.Exists(folder))
            {
                folder = Path.GetDirectoryName(folder);
            }

            return folder is null ? null : new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(folder)! : folder).AvailableFreeSpace;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    private bool IsToLog()
    {
        lock (_lock)
        {
            if (_loggedAt is { } last && time.GetElapsedTime(last) < s_pause)
            {
                return false;
            }

            _loggedAt = time.GetTimestamp();
            return true;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Nothing new is taken: the disk of {Path} has {FreeBytes} bytes left (Limits:MinFreeBytes)")]
    private partial void LogLow(string path, long freeBytes);
}
