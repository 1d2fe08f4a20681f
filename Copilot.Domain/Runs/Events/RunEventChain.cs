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

    /// <summary>How many fields of a row are hashed.</summary>
    private const int Fields = 9;

    private const int OnStack = 1024;

    /// <summary>Numbers a draft with a random salt of its own: computes salt, digest and hash.</summary>
    internal static RunEvent Seal(string runId, long seq, ReadOnlyMemory<byte> previousHash, RunEventDraft draft) =>
        Seal(runId, seq, previousHash, draft, key: null, isNewKey: false);

    /// <summary>Numbers a draft: computes salt, digest and hash.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="seq">Its number.</param>
    /// <param name="previousHash"><see cref="Start"/> for seq 1.</param>
    /// <param name="draft">The rest.</param>
    /// <param name="key">What its salt is derived from; null for a random one.</param>
    /// <param name="isNewKey">True for the first event of the key, with which the key is saved.</param>
    internal static RunEvent Seal(
        string runId, long seq, ReadOnlyMemory<byte> previousHash, RunEventDraft draft, SaltKey? key, bool isNewKey)
    {
        // One array for the three, because a run of long answers makes tens of thousands of events.
        var bytes = new byte[3 * Size];
        var salt = bytes.AsMemory(0, Size);
        var digest = bytes.AsMemory(Size, Size);
        var hash = bytes.AsMemory(2 * Size, Size);
        if (key is null)
        {
            RandomSalts.Fill(salt.Span);
        }
        else
        {
            key.Derive(seq, salt.Span);
        }

        ComputeDigest(salt.Span, draft.Data.Span, digest.Span);
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
            NewSaltKey = isNewKey ? key : null,
        };
        ComputeHash(sealedEvent, previousHash.Span, hash.Span);
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
        if (!HasItsContent(runEvent))
        {
            return false;
        }

        ComputeHash(runEvent, previousHash.Span, expected);
        return expected.SequenceEqual(runEvent.Hash.Span);
    }

    /// <summary>True when the payload matches its digest; an erased event has none, and its digest is hashed like any other.</summary>
    internal static bool HasItsContent(RunEvent runEvent)
    {
        if (runEvent.IsErased)
        {
            // Who could take the salt away and leave a payload would have it read without a check.
            return runEvent.Data.IsEmpty;
        }

        Span<byte> expected = stackalloc byte[Size];
        ComputeDigest(runEvent.Salt.Span, runEvent.Data.Span, expected);
        return expected.SequenceEqual(runEvent.PayloadDigest.Span);
    }

    /// <summary>The hash that this event would have behind a previous one.</summary>
    internal static byte[] HashOf(RunEvent runEvent, ReadOnlyMemory<byte> previousHash)
    {
        var hash = new byte[Size];
        ComputeHash(runEvent, previousHash.Span, hash);
        return hash;
    }

    /// <summary>Computes the digest that a payload has under a salt, into 32 bytes.</summary>
    public static void ComputeDigest(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> data, Span<byte> destination) =>
        HMACSHA256.HashData(salt, data, destination);

    /// <summary>Computes the hash that an event has after the previous one, into 32 bytes. Reads all of it but its data, its salt and its hash.</summary>
    public static void ComputeHash(RunEvent runEvent, ReadOnlySpan<byte> previousHash, Span<byte> destination)
    {
        // All fields in one piece: each call of the hash costs more than the bytes it is given.
        var actor = runEvent.Actor is { } by ? $"{by.Id}\n{by.Role}" : null;
        var source = runEvent.Source.ToWire();
        var size = previousHash.Length + runEvent.PayloadDigest.Length + (Fields * sizeof(int)) + (2 * sizeof(long))
            + MaxSize(runEvent.RunId) + MaxSize(source) + MaxSize(runEvent.Type) + MaxSize(actor) + MaxSize(runEvent.ResponseId) + MaxSize(runEvent.CallId);
        Span<byte> buffer = size <= OnStack ? stackalloc byte[OnStack] : new byte[size];
        var fields = new FieldWriter(buffer);
        fields.Raw(previousHash);
        fields.Text(runEvent.RunId);
        fields.Number(runEvent.Seq);
        fields.Number(RunTime.ToMicroseconds(runEvent.At));
        fields.Text(source);
        fields.Text(runEvent.Type);
        fields.Text(actor);
        fields.Text(runEvent.ResponseId);
        fields.Text(runEvent.CallId);
        fields.Bytes(runEvent.PayloadDigest.Span);
        SHA256.HashData(fields.Written, destination);
    }

    private static int MaxSize(string? text) => text is null ? 0 : Encoding.UTF8.GetMaxByteCount(text.Length);

    /// <summary>Writes fields one after another, each with its length before it.</summary>
    private ref struct FieldWriter(Span<byte> buffer)
    {
        private readonly Span<byte> _buffer = buffer;
        private int _written;

        public readonly ReadOnlySpan<byte> Written => _buffer[.._written];

        public void Text(string? text)
        {
            if (text is null)
            {
                // No text has this length, so null and "" differ.
                Length(-1);
                return;
            }

            var size = Encoding.UTF8.GetBytes(text, _buffer[(_written + sizeof(int))..]);
            Length(size);
            _written += size;
        }

        public void Number(long number)
        {
            Length(sizeof(long));
            BinaryPrimitives.WriteInt64BigEndian(_buffer[_written..], number);
            _written += sizeof(long);
        }

        public void Bytes(ReadOnlySpan<byte> bytes)
        {
            Length(bytes.Length);
            Raw(bytes);
        }

        public void Raw(ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(_buffer[_written..]);
            _written += bytes.Length;
        }

        private void Length(int length)
        {
            BinaryPrimitives.WriteInt32BigEndian(_buffer[_written..], length);
            _written += sizeof(int);
        }
    }
}
