using System.Security.Cryptography;
using Copilot.Demo.Upstream.Storing;

namespace Copilot.Demo.Upstream.Protocol;

/// <summary>
/// The <c>encrypted_content</c> of a reasoning item. The scripted model has no thoughts to hide: the content is
/// random bytes with their checksum, enough to detect content that is not ours or was changed. It remains valid across restarts, as the
/// real one does.
/// </summary>
internal static class ReasoningSeal
{
    private const int ThoughtLength = 96;
    private const int ChecksumLength = 16;

    public static string Make()
    {
        var sealedThought = new byte[ThoughtLength + ChecksumLength];
        RandomNumberGenerator.Fill(sealedThought.AsSpan(0, ThoughtLength));
        Checksum(sealedThought.AsSpan(0, ThoughtLength)).CopyTo(sealedThought, ThoughtLength);
        return Convert.ToBase64String(sealedThought);
    }

    /// <summary>Rejects reasoning that the model cannot read.</summary>
    public static void Check(ConversationItem item, ResponseStore store)
    {
        if (item.Type != "reasoning")
        {
            return;
        }

        if (item.Json.Text("encrypted_content") is { } content)
        {
            if (!IsOurs(content))
            {
                throw new RequestRejectedException(ApiError.Invalid(
                    $"The encrypted content for item {item.Id} could not be verified.",
                    "input",
                    "invalid_encrypted_content"));
            }
        }
        else if (item.Id is { } id && !store.HasItem(id))
        {
            throw new RequestRejectedException(ApiError.ItemNotFound(id));
        }
    }

    private static bool IsOurs(string content)
    {
        var sealedThought = new byte[ThoughtLength + ChecksumLength];
        return Convert.TryFromBase64String(content, sealedThought, out var written)
            && written == sealedThought.Length
            && Checksum(sealedThought.AsSpan(0, ThoughtLength)).AsSpan().SequenceEqual(sealedThought.AsSpan(ThoughtLength));
    }

    private static byte[] Checksum(ReadOnlySpan<byte> thought) => SHA256.HashData(thought)[..ChecksumLength];
}
