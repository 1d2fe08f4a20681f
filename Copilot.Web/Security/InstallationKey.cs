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
    /// <exception cref="InvalidDataException">It is damaged; the message says what to do.</exception>
    public byte[] Hash(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            _key ??= Open();
        }

        return HMACSHA256.HashData(_key, bytes);
    }

    /// <summary>Looks at the key before it is needed, if there is one.</summary>
    /// <exception cref="InvalidDataException">It is damaged; the message says what to do.</exception>
    public void Check() => _ = Read(Path.Combine(folder, FileName));

    private byte[] Open()
    {
        var file = Path.Combine(folder, FileName);
        if (Read(file) is { } known)
        {
            return known;
        }

        OwnerFile.Create(file, RandomNumberGenerator.GetBytes(Length));
        return Read(file) ?? throw new InvalidDataException($"{file} could not be read after it was made.");
    }

    private static byte[]? Read(string file)
    {
        try
        {
            return File.ReadAllBytes(file) is { Length: Length } key
                ? key
                : throw new InvalidDataException(
                    $"{file} is not a key of {Length} bytes. Restore it from a backup, or delete it: then a new one is made, and requests that are repeated with an Idempotency-Key of before are refused.");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
