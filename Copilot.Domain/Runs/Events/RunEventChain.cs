using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Copilot.Domain.Runs.Events;

/// <summary>
/// The hash chain of a run: <c>hash = SHA-256(prev_hash ‖ run_id, seq, at, source, type, actor, response_id, call_id,
/// payload_digest)</c>, each field with its length before it, and <c>payload_digest = HMAC-SHA-256(salt, payload)</c>.
/// Forgetting a payload removes it and its salt; digest and chain stay and still verify.
/// </summary>
public static class RunEventChain
{
    /// <summary>The hash before the first event: 32 zero bytes.</summary>
    public static ReadOnlyMemory<byte> Start { get; } = new byte[SHA256.HashSizeInBytes];

    private const int Size = SHA256.HashSizeInBytes;

    /// <summary>Numbers a draft: computes salt, digest and hash.</summary>
    internal static RunEvent Seal(string runId, long seq, ReadOnlyMemory<byte> previousHash, RunEventDraft draft)
    {
        // One array for the three, because a run of long answers makes tens of thousands of events.
        var bytes = new byte[3 * Size];
        var salt = bytes.AsMemory(0, Size);
        var digest = bytes.AsMemory(Size, Size);
        var hash = bytes.AsMemory(2 * Size, Size);
        RandomNumberGenerator.Fill(salt.Span);
        HMACSHA256.HashData(salt.Span, draft.Data.Span, digest.Span);
        var sealedEvent = new RunEvent
        {
            RunId = runId,
            Seq = seq,
            At = draft.At,
            Source = draft.Source,
            Actor = draft.Actor,
            Type = draft.Type,
            ResponseId = draft.ResponseId,
            CallId = draft.CallId,
            Data = draft.Data,
            Salt = salt,
            PayloadDigest = digest,
            Hash = hash,
        };
        HashInto(sealedEvent, previousHash.Span, hash.Span);
        if (draft.Upstream is { } upstream)
        {
            sealedEvent.SetUpstream(upstream);
        }

        return sealedEvent;
    }

    /// <summary>
    /// True when the event's hash follows from the previous one and, unless it was erased, its payload matches its digest.
    /// </summary>
    /// <param name="runEvent">The event to check.</param>
    /// <param name="previousHash"><see cref="Start"/> for seq 1.</param>
    public static bool Verify(RunEvent runEvent, ReadOnlyMemory<byte> previousHash)
    {
        Span<byte> expected = stackalloc byte[Size];
        if (!runEvent.IsErased)
        {
            HMACSHA256.HashData(runEvent.Salt.Span, runEvent.Data.Span, expected);
            if (!expected.SequenceEqual(runEvent.PayloadDigest.Span))
            {
                return false;
            }
        }

        HashInto(runEvent, previousHash.Span, expected);
        return expected.SequenceEqual(runEvent.Hash.Span);
    }

    private static void HashInto(RunEvent runEvent, ReadOnlySpan<byte> previousHash, Span<byte> destination)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(previousHash);
        AppendText(hash, runEvent.RunId);
        AppendNumber(hash, runEvent.Seq);
        AppendNumber(hash, RunTime.ToMicroseconds(runEvent.At));
        AppendText(hash, runEvent.Source.ToWire());
        AppendText(hash, runEvent.Type);
        AppendText(hash, runEvent.Actor is { } actor ? $"{actor.Id}\n{actor.Role}" : null);
        AppendText(hash, runEvent.ResponseId);
        AppendText(hash, runEvent.CallId);
        AppendBytes(hash, runEvent.PayloadDigest.Span);
        hash.GetHashAndReset(destination);
    }

    private static void AppendText(IncrementalHash hash, string? text)
    {
        if (text is null)
        {
            // No text has this length, so null and "" differ.
            AppendLength(hash, -1);
            return;
        }

        Span<byte> buffer = stackalloc byte[256];
        if (Encoding.UTF8.TryGetBytes(text, buffer, out var written))
        {
            AppendBytes(hash, buffer[..written]);
        }
        else
        {
            AppendBytes(hash, Encoding.UTF8.GetBytes(text));
        }
    }

    private static void AppendNumber(IncrementalHash hash, long number)
    {
        Span<byte> buffer = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(buffer, number);
        AppendBytes(hash, buffer);
    }

    private static void AppendBytes(IncrementalHash hash, ReadOnlySpan<byte> bytes)
    {
        AppendLength(hash, bytes.Length);
        hash.AppendData(bytes);
    }

    private static void AppendLength(IncrementalHash hash, int length)
    {
        Span<byte> buffer = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(buffer, length);
        hash.AppendData(buffer);
    }
}
