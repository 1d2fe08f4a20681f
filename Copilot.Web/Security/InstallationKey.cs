using System.Security.Cryptography;

namespace Copilot.Web.Security;

/// <summary>
/// A secret of this installation, for hashes of what could be guessed: who has the database alone cannot try guesses against them. It is
/// made at its first use and stays beside the keys of the cookies. If it is lost, the hashes of before match nothing.
/// </summary>
/// <param name="folder">Where it is stored; it is created when it is missing.</param>
internal sealed class InstallationKey(string folder)
{
    private const string FileName = "installation.key";
    private const int Length = 32;

    private readonly Lock _lock = new();
    private byte[]? _key;

    /// <summary>The keyed hash of some bytes (HMAC-SHA256).</summary>
    /// <exception cref="IOException">The key can't be read or made.</exception>
    public byte[] Hash(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            _key ??= Open();
        }

        return HMACSHA256.HashData(_key, bytes);
    }

    private byte[] Open()
    {
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, FileName);
        if (Read(file) is { } known)
        {
            return known;
        }

        // Written whole before it gets its name: a crash or a full disk leaves no half of a key.
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
                stream.Write(RandomNumberGenerator.GetBytes(Length));
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, file);
        }
        catch (IOException) when (File.Exists(file))
        {
            // Another process was faster.
        }
        finally
        {
            File.Delete(temporary);
        }

        return Read(file) ?? throw new InvalidDataException($"{file} is not a key of {Length} bytes. Delete it, and a new one is made.");
    }

    private static byte[]? Read(string file)
    {
        try
        {
            return File.ReadAllBytes(file) is { Length: Length } key ? key : null;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
