using System.Runtime.InteropServices;
using System.Text;

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

            if (overwrite || OperatingSystem.IsWindows())
            {
                File.Move(temporary, file, overwrite);
            }
            else
            {
                Publish(temporary, file);
            }
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    // Here File.Move looks whether the file is there and then renames: of two that look at once, the second would replace what the first has
    // read already. A link is made or refused in one.
    private static void Publish(string temporary, string file)
    {
        if (Link(Utf8(temporary), Utf8(file)) == 0)
        {
            return;
        }

        if (File.Exists(file))
        {
            throw new IOException($"{file} exists.");
        }

        // Some file systems have no links.
        File.Move(temporary, file, overwrite: false);
    }

    private static byte[] Utf8(string path) => Encoding.UTF8.GetBytes(path + '\0');

#pragma warning disable SYSLIB1054 // The generated marshalling would need unsafe code.
    [DllImport("libc", EntryPoint = "link")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Link(byte[] from, byte[] to);
#pragma warning restore SYSLIB1054
}
