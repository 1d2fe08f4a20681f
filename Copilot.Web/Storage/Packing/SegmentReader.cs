using System.IO.Compression;
using Copilot.Domain.Runs.Events;
using Copilot.Web.Storage.Runs;
using Parts = Copilot.Web.Storage.Packing.SegmentFormat.Parts;

namespace Copilot.Web.Storage.Packing;

/// <summary>Reads the events of a segment, byte for byte as they were.</summary>
internal static class SegmentReader
{
    /// <summary>Type of the events of a segment that cannot be read any more.</summary>
    public const string DamagedType = "log.damaged";

    // Where the number of events itself is damaged.
    private const int MostDamaged = 100_000;
    private const int MostBytes = 1024 * 1024 * 1024;

    /// <summary>
    /// The events. Never throws for what the database says: a segment that was damaged has as many events, which do not verify, and one that
    /// was changed has its events up to the change, which do, and one that does not.
    /// </summary>
    public static IReadOnlyList<RunEvent> Read(RunSegmentRow segment, SaltKeys keys)
    {
        try
        {
            var events = Read(segment, keys, Decompress(segment.Content));
            return events.Count == segment.LastSeq - segment.FirstSeq + 1
                ? events
                : throw new InvalidDataException("The segment has another number of events.");
        }
        catch (Exception exception) when (exception is InvalidDataException or ArgumentException or OverflowException)
        {
            return [.. Enumerable.Range(0, (int)Math.Clamp(segment.LastSeq - segment.FirstSeq + 1, 1, MostDamaged)).Select(i => Damaged(segment, segment.FirstSeq + i))];
        }
    }

    private static List<RunEvent> Read(RunSegmentRow segment, SaltKeys keys, byte[] body)
    {
        var cursor = new SegmentCursor(body);
        var count = cursor.Count();
        var kinds = new EventKind[cursor.Count()];
        for (var i = 0; i < kinds.Length; i++)
        {
            kinds[i] = EventKind.Read(ref cursor);
        }

        var parts = new Parts[count];
        var (salts, digests, hashes) = (0, 0, 0);
        for (var i = 0; i < count; i++)
        {
            parts[i] = (Parts)cursor.Number();
            salts += parts[i].HasFlag(Parts.Salt) ? SegmentFormat.Size : 0;
            digests += parts[i].HasFlag(Parts.Digest) ? SegmentFormat.Size : 0;
            hashes += parts[i].HasFlag(Parts.Hash) ? SegmentFormat.Size : 0;
        }

        var kindOf = Numbers(ref cursor, count);
        var times = new long[count];
        for (var i = 0; i < count; i++)
        {
            times[i] = (i == 0 ? 0 : times[i - 1]) + cursor.Signed();
        }

        var lengths = Numbers(ref cursor, count);
        var checks = new SegmentCursor(cursor.Bytes(SegmentFormat.CheckSize * (count - (hashes / SegmentFormat.Size))));
        var saltsLeft = new SegmentCursor(cursor.Bytes(salts));
        var digestsLeft = new SegmentCursor(cursor.Bytes(digests));
        var hashesLeft = new SegmentCursor(cursor.Bytes(hashes));
        var payload = body.Length - cursor.Left;
        var numbers = new SequenceNumbers();
        var events = new List<RunEvent>(count);
        ReadOnlyMemory<byte> previous = segment.PreviousHash;
        var isWhole = true;
        for (var i = 0; i < count; i++)
        {
            var kind = kindOf[i] < kinds.Length ? kinds[kindOf[i]] : throw new InvalidDataException("An event is of no kind.");
            var fields = new byte[3 * SegmentFormat.Size];
            var (salt, digest, hash) = (fields.AsMemory(0, SegmentFormat.Size), fields.AsMemory(SegmentFormat.Size, SegmentFormat.Size), fields.AsMemory(2 * SegmentFormat.Size));
            var seq = segment.FirstSeq + i;
            var data = numbers.Restore(Payload(body, payload, lengths[i]), parts[i].HasFlag(Parts.Number));
            payload += lengths[i];
            if (parts[i].HasFlag(Parts.Salt))
            {
                saltsLeft.Bytes(SegmentFormat.Size).CopyTo(salt.Span);
            }
            else if (!parts[i].HasFlag(Parts.Erased))
            {
                // Without a key it stays empty bytes, and does not verify.
                keys.TryDerive(seq, salt.Span);
            }

            if (parts[i].HasFlag(Parts.Digest))
            {
                digestsLeft.Bytes(SegmentFormat.Size).CopyTo(digest.Span);
            }
            else
            {
                RunEventChain.ComputeDigest(salt.Span, data.Span, digest.Span);
            }

            var one = new RunEvent
            {
                RunId = segment.RunId,
                Seq = seq,
                At = UnixMicroseconds.ToTime(times[i]),
                Source = RunEventRowMapping.ToSource(kind.Source),
                Actor = kind.Actor,
                Type = kind.Type,
                ResponseId = kind.ResponseId,
                CallId = kind.CallId,
                Data = parts[i].HasFlag(Parts.Erased) ? default : data,
                Salt = parts[i].HasFlag(Parts.Erased) ? default : salt,
                PayloadDigest = digest,
                Hash = hash,
            };
            RunEventChain.ComputeHash(one, previous.Span, hash.Span);
            var differs = false;
            if (parts[i].HasFlag(Parts.Hash))
            {
                hashesLeft.Bytes(SegmentFormat.Size).CopyTo(hash.Span);
            }
            else if (checks.Bytes(SegmentFormat.CheckSize) is var check && isWhole && !hash.Span.StartsWith(check))
            {
                // The first that is not as it was written: those after it follow from it, and would all differ.
                (isWhole, differs) = (false, true);
                check.CopyTo(hash.Span);
            }

            events.Add(one);
            previous = one.Hash;
            if (i == count - 1 && !differs)
            {
                segment.LastHash.CopyTo(hash.Span);
            }
        }

        return events;
    }

    private static int[] Numbers(ref SegmentCursor cursor, int count)
    {
        var numbers = new int[count];
        for (var i = 0; i < count; i++)
        {
            numbers[i] = cursor.Length();
        }

        return numbers;
    }

    private static ReadOnlyMemory<byte> Payload(byte[] body, int at, int length) => length >= 0 && at + length <= body.Length
        ? body.AsMemory(at, length)
        : throw new InvalidDataException("A payload is cut.");

    private static byte[] Decompress(byte[] content)
    {
        var cursor = new SegmentCursor(content);
        if (cursor.Number() != SegmentFormat.Version)
        {
            throw new InvalidDataException("The segment is of another version.");
        }

        var length = cursor.Number();
        if (length is < 0 or > MostBytes)
        {
            throw new InvalidDataException("The segment is too long.");
        }

        var body = new byte[length];
        return BrotliDecoder.TryDecompress(content.AsSpan(content.Length - cursor.Left), body, out var written) && written == length
            ? body
            : throw new InvalidDataException("The segment cannot be decompressed.");
    }

    private static RunEvent Damaged(RunSegmentRow segment, long seq) => new()
    {
        RunId = segment.RunId,
        Seq = seq,
        At = DateTimeOffset.UnixEpoch,
        Source = EventSource.System,
        Type = DamagedType,
        Data = "{}"u8.ToArray(),
        Salt = new byte[SegmentFormat.Size],
        PayloadDigest = new byte[SegmentFormat.Size],
        Hash = seq == segment.LastSeq ? segment.LastHash : new byte[SegmentFormat.Size],
    };
}
