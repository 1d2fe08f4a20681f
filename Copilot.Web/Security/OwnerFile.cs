namespace Copilot.Web.Security;

/// <summary>Small files that only the program's account may read, written whole: a crash or a full disk leaves no half of one.</summary>
internal static class OwnerFile
{
    /// <summary>Creates a file; one that another process has made meanwhile stays as it is.</summary>
    /// <exception cref="IOException">It can't be written.</exception>
    public static void Create(string file, ReadOnlySpan<byte> content)
    {
        try
        {
            Write(file, content, overwrite: false);
        }
        catch (IOException) when (File.Exists(file))
        {
            // Another process was faster.
        }
    }

    /// <summary>Creates a file or replaces it.</summary>
    /// <exception cref="IOException">It can't be written.</exception>
    public static void Replace(string file, ReadOnlySpan<byte> content) => Write(file, content, overwrite: true);

    private static void Write(string file, ReadOnlySpan<byte> content, bool overwrite)
    {
        var folder = Path.GetDirectoryName(file)!;
        Directory.CreateDirectory(folder);
        var temporary = Path.Combine(folder, $".{Guid.NewGuid():N}");
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using (var stream = new FileStream(temporary, options))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, file, overwrite);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
