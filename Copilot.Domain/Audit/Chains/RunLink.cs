using Copilot.Domain.Runs.Events;

namespace Copilot.Domain.Audit.Chains;

/// <summary>A stored event of a run. Its content is checked once and then let go, so that a run of any length fits into memory.</summary>
public sealed class RunLink : ChainLink
{
    private readonly RunEvent _event;
    private readonly bool _isReadable;

    /// <param name="stored">The event as stored.</param>
    /// <param name="isReadable">
    /// False when a column has what no program of ours writes. Readers are lenient about some of that, so the hash alone would not tell.
    /// </param>
    public RunLink(RunEvent stored, bool isReadable)
    {
        _isReadable = isReadable;
        Content = !RunEventChain.HasItsContent(stored) ? ContentState.Changed
            : stored.IsErased ? ContentState.Removed
            : ContentState.Intact;
        _event = At(stored, stored.RunId, stored.Seq);
    }

    /// <inheritdoc/>
    public override long Seq => _event.Seq;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Hash => _event.Hash;

    /// <inheritdoc/>
    public override ContentState Content { get; }

    /// <inheritdoc/>
    public override byte[]? HashAt(string chain, long seq, ReadOnlyMemory<byte> previous) => !_isReadable ? null : RunEventChain.HashOf(
        chain == _event.RunId && seq == _event.Seq ? _event : At(_event, chain, seq), previous);

    private static RunEvent At(RunEvent stored, string chain, long seq) => new()
    {
        RunId = chain,
        Seq = seq,
        At = stored.At,
        Source = stored.Source,
        Actor = stored.Actor,
        Type = stored.Type,
        ResponseId = stored.ResponseId,
        CallId = stored.CallId,
        Data = default,
        Salt = default,
        PayloadDigest = stored.PayloadDigest,
        Hash = stored.Hash,
    };
}
