using System.Buffers;
using System.IO.Compression;
using System.Text;
using Copilot.Domain.Runs.Events;
using Copilot.Web.Storage.Runs;
using Parts = Copilot.Web.Storage.Packing.SegmentFormat.Parts;

namespace Copilot.Web.Storage.Packing;

/// <summary>Packs events into a segment (<see cref="SegmentFormat"/>).</summary>
internal static class SegmentWriter
{
    // Half a millisecond for each kilobyte that is left, which nobody waits for.
    private const int Quality = 9;
    private const int Window = 22;

    /// <summary>Packs events of one run that follow each other without a hole.</summary>
    /// <param name="events">At least one.</param>
    /// <param name="previousHash">Hash of the event before the first.</param>
    /// <param name="keys">The run's keys.</param>
    /// <param name="erase">True to leave payloads and salts out, for good.</param>
    public static RunSegmentRow Pack(IReadOnlyList<RunEvent> events, ReadOnlyMemory<byte> previousHash, SaltKeys keys, bool erase) => new()
    {
        RunId = events[0].RunId,
        FirstSeq = events[0].Seq,
        LastSeq = events[^1].Seq,
        PreviousHash = previousHash.ToArray(),
        LastHash = events[^1].Hash.ToArray(),
        Content = Compress(Write(events, previousHash, keys, erase)),
        Erased = erase,
    };

    private static ReadOnlySpan<byte> Write(IReadOnlyList<RunEvent> events, ReadOnlyMemory<byte> previousHash, SaltKeys keys, bool erase)
    {
        var kinds = new Dictionary<EventKind, int>();
        var (kindTexts, kindColumn, partColumn, times, lengths) = (new SegmentColumn(), new SegmentColumn(), new SegmentColumn(), new SegmentColumn(), new SegmentColumn());
        var (checks, salts, digests, hashes, payloads) = (new SegmentColumn(), new SegmentColumn(), new SegmentColumn(), new SegmentColumn(), new SegmentColumn());
        var numbers = new SequenceNumbers();
        Span<byte> computed = stackalloc byte[SegmentFormat.Size];
        var (previous, at) = (previousHash, 0L);
        foreach (var one in events)
        {
            var parts = Parts.None;
            var kind = EventKind.Of(one);
            if (!kinds.TryGetValue(kind, out var number))
            {
                number = kinds.Count;
                kinds.Add(kind, number);
                kind.Write(kindTexts);
            }

            if (erase || one.IsErased)
            {
                parts |= Parts.Erased | Parts.Digest;
                lengths.Number(0);
            }
            else
            {
                parts |= keys.TryDerive(one.Seq, computed) && computed.SequenceEqual(one.Salt.Span) ? Parts.None : Parts.Salt;
                RunEventChain.ComputeDigest(one.Salt.Span, one.Data.Span, computed);
                parts |= computed.SequenceEqual(one.PayloadDigest.Span) ? Parts.None : Parts.Digest;
                var data = one.Data.Span;
                var taken = numbers.Remove(data).GetOffsetAndLength(data.Length);
                parts |= taken.Length > 0 ? Parts.Number : Parts.None;
                payloads.Bytes(data[..taken.Offset]);
                payloads.Bytes(data[(taken.Offset + taken.Length)..]);
                lengths.Number(data.Length - taken.Length);
            }

            RunEventChain.ComputeHash(one, previous.Span, computed);
            parts |= computed.SequenceEqual(one.Hash.Span) ? Parts.None : Parts.Hash;
            AddIf(parts.HasFlag(Parts.Salt), salts, one.Salt);
            AddIf(parts.HasFlag(Parts.Digest), digests, one.PayloadDigest);
            AddIf(parts.HasFlag(Parts.Hash), hashes, one.Hash);
            AddIf(!parts.HasFlag(Parts.Hash), checks, one.Hash[..SegmentFormat.CheckSize]);
            partColumn.Number((byte)parts);
            kindColumn.Number(number);
            var time = UnixMicroseconds.From(one.At);
            times.Signed(time - at);
            (previous, at) = (one.Hash, time);
        }

        var all = new SegmentColumn();
        all.Number(events.Count);
        all.Number(kinds.Count);
        foreach (var column in (SegmentColumn[])[kindTexts, partColumn, kindColumn, times, lengths, checks, salts, digests, hashes, payloads])
        {
            all.Bytes(column.Written);
        }

        return all.Written;
    }

    private static void AddIf(bool isThere, SegmentColumn column, ReadOnlyMemory<byte> bytes)
    {
        if (isThere)
        {
            column.Bytes(bytes.Span);
        }
    }

    private static byte[] Compress(ReadOnlySpan<byte> body)
    {
        var head = new SegmentColumn();
        head.Number(SegmentFormat.Version);
        head.Number(body.Length);
        var content = new byte[head.Written.Length + BrotliEncoder.GetMaxCompressedLength(body.Length)];
        head.Written.CopyTo(content);
        return BrotliEncoder.TryCompress(body, content.AsSpan(head.Written.Length), out var length, Quality, Window)
            ? content[..(head.Written.Length + length)]
            : throw new InvalidOperationException("The segment could not be compressed.");
    }
}
