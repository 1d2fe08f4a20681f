namespace Copilot.Domain.Audit.Checkpoints;

/// <summary>The private half of the installation's key.</summary>
public interface ICheckpointSigner
{
    /// <summary>The first 16 hex digits of the SHA-256 of the public half.</summary>
    string KeyId { get; }

    /// <summary>The signature over a hash of 32 bytes.</summary>
    ReadOnlyMemory<byte> Sign(ReadOnlySpan<byte> hash);
}
