using Copilot.Domain.Runs.Events;

namespace Copilot.Domain.Audit.Chains;

/// <summary>Reads the rows of one chain in the order of their places, and says what is not as it was written.</summary>
/// <param name="facts">What is known beside the rows.</param>
internal sealed class ChainCheck(ChainFacts facts)
{
    private readonly List<AuditFinding> _findings = [];
    private readonly List<ChainLink> _broken = [];
    private readonly List<ChainGap> _gaps = [];
    private readonly List<ChainStray> _strays = [];
    private long _seq;
    private ReadOnlyMemory<byte> _hash = RunEventChain.Start;
    private int _point;
    private long _sealedThrough;
    private bool _isRewritten;
    private long? _removedFrom;
    private long _removedTo;

    /// <summary>How many rows there were.</summary>
    public long Count { get; private set; }

    /// <summary>What is missing here; it may stand elsewhere.</summary>
    public IReadOnlyList<ChainGap> Gaps => _gaps;

    /// <summary>What does not belong here; it may be missing elsewhere.</summary>
    public IReadOnlyList<ChainStray> Strays => _strays;

    /// <summary>Takes the next row.</summary>
    public void Add(ChainLink link)
    {
        Count++;
        if (_broken.Count > 0 || link.Seq != _seq + 1 || !link.Fits(facts.Chain, link.Seq, _hash))
        {
            // What comes after a break is needed to tell what kind of break it is.
            _broken.Add(link);
            return;
        }

        Step(link.Seq, link.Hash, link.Content);
        Compare(link);
    }

    /// <summary>Everything that was found.</summary>
    public IReadOnlyList<AuditFinding> Finish()
    {
        var known = Math.Max(facts.Head ?? 0, facts.Points.Count > 0 ? facts.Points[^1].Seq : 0);
        if (Count == 0)
        {
            if (known > 0)
            {
                Missing(AuditFindingKind.ChainRemoved, 1, known);
            }

            return _findings;
        }

        var wasWhole = _broken.Count == 0;
        if (!wasWhole)
        {
            // Where nothing says how long the chain was, a row at its end that does not fit is one that was there.
            var breaks = new ChainBreaks(facts.Chain, facts.Head is null ? long.MaxValue : known, Report, Missing, Stray, Step);
            (_seq, _hash) = breaks.Follow(_seq, _hash, _broken);
        }

        Flush();
        if (_seq < known)
        {
            Missing(AuditFindingKind.Cut, _seq + 1, known);
        }
        else if (wasWhole && !_isRewritten && facts.Head is { } head && _seq > head)
        {
            Report(new AuditFinding(AuditFindingKind.Inserted, facts.Chain, head + 1, _seq));
        }

        return _findings;
    }

    // Rows that hold together may still be others than those that were sealed.
    private void Compare(ChainLink link)
    {
        while (_point < facts.Points.Count && facts.Points[_point].Seq <= link.Seq)
        {
            var point = facts.Points[_point++];
            if (point.Seq == link.Seq && !point.Hash.Span.SequenceEqual(link.Hash.Span) && !_isRewritten)
            {
                _isRewritten = true;
                Report(new AuditFinding(AuditFindingKind.Rewritten, facts.Chain, _sealedThrough + 1, link.Seq) { Checkpoint = point.Checkpoint });
            }

            _sealedThrough = point.Seq;
        }
    }

    private void Step(long seq, ReadOnlyMemory<byte> hash, ContentState content)
    {
        (_seq, _hash) = (seq, hash);
        if (content is ContentState.Changed)
        {
            Report(new AuditFinding(AuditFindingKind.ContentChanged, facts.Chain, seq, seq));
        }
        else if (content is ContentState.Removed && !facts.MayBeErased)
        {
            if (_removedFrom is not null && _removedTo + 1 != seq)
            {
                Flush();
            }

            _removedFrom ??= seq;
            _removedTo = seq;
        }
    }

    private void Flush()
    {
        if (_removedFrom is { } from)
        {
            Report(new AuditFinding(AuditFindingKind.ContentRemoved, facts.Chain, from, _removedTo));
            _removedFrom = null;
        }
    }

    private void Report(AuditFinding finding) => _findings.Add(finding);

    private void Missing(AuditFindingKind kind, long from, long to)
    {
        var telling = facts.Points.FirstOrDefault(point => point.Seq >= from)?.Checkpoint;
        var finding = new AuditFinding(kind, facts.Chain, from, to) { Checkpoint = telling };
        _findings.Add(finding);
        _gaps.Add(new ChainGap(finding, _hash));
    }

    private void Stray(AuditFinding finding, ChainLink link)
    {
        _findings.Add(finding);
        _strays.Add(new ChainStray(finding, link));
    }
}
