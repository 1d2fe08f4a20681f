using Copilot.Web.Options;

namespace Copilot.Web.Storage;

/// <summary>
/// One server per database: a second one would take the runs of the first for abandoned, and carry them out once more. It is the lock of an
/// open file beside the database, so it ends with the process, however that ends. Commands do not take it: they may run beside the server.
/// </summary>
internal sealed class DatabaseLock : IDisposable
{
    private FileStream? _file;

    /// <summary>Takes it for as long as the application lives.</summary>
    /// <param name="database">The database's file.</param>
    /// <exception cref="StartRefusedException">Another server has it.</exception>
    public void Take(string database)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(database)!);
            _file ??= new FileStream(database + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException exception) when (IsHeld(exception))
        {
            throw new StartRefusedException([StorageText.OtherServer(database)]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // There is no room for it, or no right to write here: the database says so itself.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    // "Would block" on Linux and macOS, "sharing violation" on Windows.
    private static bool IsHeld(IOException exception) => exception.HResult is 11 or 35 or unchecked((int)0x80070020);
}
