using System.Security.Cryptography;

namespace Copilot.Web.Storage;

/// <summary>
/// A file of one megabyte beside the database, which a start gives up when it finds the disk full. SQLite needs some space for its shared
/// memory before it can read at all; with it, the server listens and shows what there is.
/// </summary>
internal static class DiskReserve
{
    private const int Bytes = 1024 * 1024;

    /// <summary>Makes the file where it is missing and there is room for it.</summary>
    /// <param name="database">The database's file.</param>
    public static void Ensure(string database)
    {
        var path = PathOf(database);
        try
        {
            if (!File.Exists(path))
            {
                // Zeros would take no space on a disk that compresses.
                File.WriteAllBytes(path, RandomNumberGenerator.GetBytes(Bytes));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A part of it is in the way of what has to be written now.
            TryGiveUp(database);
        }
    }

    /// <summary>Gives the space back. False when there was none.</summary>
    /// <param name="database">The database's file.</param>
    public static bool TryGiveUp(string database)
    {
        try
        {
            var path = PathOf(database);
            var exists = File.Exists(path);
            File.Delete(path);
            return exists;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string PathOf(string database) => database + ".reserve";
}
