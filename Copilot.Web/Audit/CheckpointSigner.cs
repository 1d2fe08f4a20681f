using System.Security.Cryptography;
using System.Text;
using Copilot.Domain.Audit.Checkpoints;
using Copilot.Web.Security;

namespace Copilot.Web.Audit;

/// <summary>
/// The installation's key for checkpoints (ECDSA P-256). It is made at its first use, beside the keys of the cookies; its public half is
/// written next to it and stays there when the key is replaced.
/// </summary>
/// <param name="folder">Where keys are.</param>
internal sealed class CheckpointSigner(string folder) : ICheckpointSigner, IDisposable
{
    private const string FileName = "checkpoint.key";

    private readonly Lock _lock = new();
    private ECDsa? _key;
    private string? _id;

    /// <inheritdoc/>
    public string KeyId
    {
        get
        {
            Open();
            return _id!;
        }
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Sign(ReadOnlySpan<byte> hash)
    {
        lock (_lock)
        {
            return Open().SignHash(hash.ToArray());
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _key?.Dispose();

    private ECDsa Open()
    {
        lock (_lock)
        {
            if (_key is not null)
            {
                return _key;
            }

            var file = Path.Combine(folder, FileName);
            if (!File.Exists(file))
            {
                using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
                OwnerFile.Create(file, Encoding.ASCII.GetBytes(made.ExportPkcs8PrivateKeyPem() + "\n"));
            }

            var key = ECDsa.Create();
            try
            {
                key.ImportFromPem(File.ReadAllText(file));
            }
            catch (Exception exception) when (exception is ArgumentException or CryptographicException)
            {
                key.Dispose();
                throw new InvalidDataException($"{file} is no key for checkpoints. Move it away, and a new one is made.", exception);
            }

            _id = PublicCheckpointKeys.IdOf(key);
            WritePublicHalf(PublicCheckpointKeys.FileOf(folder, _id), key.ExportSubjectPublicKeyInfoPem() + "\n");
            return _key = key;
        }
    }

    // It follows from the key: a damaged one is written anew.
    private static void WritePublicHalf(string file, string content)
    {
        if (!File.Exists(file) || File.ReadAllText(file) != content)
        {
            OwnerFile.Replace(file, Encoding.ASCII.GetBytes(content));
        }
    }
}
