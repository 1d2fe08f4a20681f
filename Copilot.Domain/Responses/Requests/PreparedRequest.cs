using Copilot.Domain.Responses.Events;

namespace Copilot.Domain.Responses.Requests;

/// <summary>
/// A request in the form that one kind of transport sends: everything beside the input is written, and the length of the whole is
/// known. The input stays in its items, because files are read only while they are sent.
/// </summary>
public sealed class PreparedRequest
{
    private static readonly byte[] s_end = [(byte)']', (byte)'}'];

    private readonly ReadOnlyMemory<byte>[] _head;

    /// <summary>Made by <see cref="RequestWriter"/>.</summary>
    /// <param name="request">What it says.</param>
    /// <param name="kind">Whose form it has.</param>
    /// <param name="head">The bytes before the first input item, in order.</param>
    internal PreparedRequest(ResponseRequest request, TransportKind kind, params ReadOnlyMemory<byte>[] head)
    {
        Request = request;
        Kind = kind;
        _head = head;
        Length = head.Sum(piece => (long)piece.Length) + InputPieces.LengthOf(request.Input) + s_end.Length;
    }

    /// <summary>What it says.</summary>
    public ResponseRequest Request { get; }

    /// <summary>The kind of transport that it is for; another one cannot send it.</summary>
    public TransportKind Kind { get; }

    /// <summary>Its exact length on the wire, in bytes of JSON.</summary>
    public long Length { get; }

    /// <summary>How many times as long as usual its first sign may take: a repetition after silence waits longer.</summary>
    public int FirstEventFactor { get; set; } = 1;

    /// <summary>The bytes one after the other, for a transport that need not have them in memory as a whole. A piece is good until the next.</summary>
    /// <exception cref="TransportException">A file that it carries cannot be read any more.</exception>
    internal IEnumerable<ReadOnlyMemory<byte>> Pieces() => _head.Concat(InputPieces.Of(Request.Input)).Append(s_end);

    /// <summary>All bytes in one array of exactly their length, as a socket wants a frame.</summary>
    /// <exception cref="TransportException">A file that it carries cannot be read any more.</exception>
    internal byte[] ToArray()
    {
        var frame = GC.AllocateUninitializedArray<byte>(checked((int)Length));
        var written = 0;
        foreach (var piece in Pieces())
        {
            piece.Span.CopyTo(frame.AsSpan(written));
            written += piece.Length;
        }

        return frame;
    }

    /// <summary>Makes sure that it is a transport's own.</summary>
    /// <exception cref="ArgumentException">It has the form of the other kind.</exception>
    internal void ThrowIfNotFor(TransportKind kind)
    {
        if (Kind != kind)
        {
            throw new ArgumentException($"The request was prepared for {Kind} and cannot be sent by {kind}.");
        }
    }
}
