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
        var file = Path.Combine(folder, FileName);
        if (Read(file) is { } known)
        {
            return known;
        }

        OwnerFile.Create(file, RandomNumberGenerator.GetBytes(Length));
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
