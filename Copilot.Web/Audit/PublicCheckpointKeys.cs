using System.Collections.Concurrent;
using System.Security.Cryptography;
using Copilot.Domain.Audit.Checkpoints;

namespace Copilot.Web.Audit;

/// <summary>The public halves of this installation's keys for checkpoints, each in a file of its own.</summary>
/// <param name="folder">Where they are.</param>
internal sealed class PublicCheckpointKeys(string folder) : ICheckpointKeys
{
    private readonly ConcurrentDictionary<string, byte[]?> _known = new(StringComparer.Ordinal);

    /// <summary>The id of a key: the first 16 hex digits of the SHA-256 of its public half.</summary>
    public static string IdOf(ECDsa key) => Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()))[..16];

    /// <summary>The file of a public half.</summary>
    public static string FileOf(string folder, string keyId) => Path.Combine(folder, $"checkpoint-{keyId}.pem");

    /// <inheritdoc/>
    public bool? Verify(string keyId, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature)
    {
        if ((_known.GetValueOrDefault(keyId) ?? Read(keyId)) is not { } bytes)
        {
            return null;
        }

        _known[keyId] = bytes;
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(bytes, out _);
        return key.VerifyHash(hash, signature);
    }

    private byte[]? Read(string keyId)
    {
        // The id comes from the database, which is what is in doubt: it names no other file.
        var file = FileOf(folder, keyId);
        if (keyId.Length != 16 || !keyId.All(char.IsAsciiHexDigitLower) || !File.Exists(file))
        {
            return null;
        }

        try
        {
            using var key = ECDsa.Create();
            key.ImportFromPem(File.ReadAllText(file));
            return IdOf(key) == keyId ? key.ExportSubjectPublicKeyInfo() : null;
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
