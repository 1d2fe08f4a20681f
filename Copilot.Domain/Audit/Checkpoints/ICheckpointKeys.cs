namespace Copilot.Domain.Audit.Checkpoints;

/// <summary>The public halves of the keys that have signed checkpoints.</summary>
public interface ICheckpointKeys
{
    /// <summary>Whether a signature is that of a key; null when the key is not known here.</summary>
    bool? Verify(string keyId, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature);
}
