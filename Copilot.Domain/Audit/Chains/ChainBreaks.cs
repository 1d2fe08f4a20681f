namespace Copilot.Domain.Audit.Chains;

/// <summary>
/// Tells what happened to rows that do not follow from one another. Each hash names its chain, its place and the hash before it, so a row
/// can be tried at other places: what fits elsewhere was moved, what fits nowhere was changed or put in.
/// </summary>
/// <param name="chain">The chain's id.</param>
/// <param name="known">The newest place that may have been written.</param>
/// <param name="report">Takes a finding.</param>
/// <param name="missing">Takes rows that are not there.</param>
/// <param name="stray">Takes a row that does not belong there.</param>
/// <param name="step">Takes a row that stands for a place of the chain.</param>
internal sealed class ChainBreaks(
    string chain,
    long known,
    Action<AuditFinding> report,
    Action<AuditFindingKind, long, long> missing,
    Action<AuditFinding, ChainLink> stray,
    Action<long, ReadOnlyMemory<byte>, ContentState> step)
{
    // How many rows may have been taken out at one place with all that follow renumbered.
    private const int MostRenumbered = 2_000;

    // Hashes that a chain may cost beyond its own: enough for thousands of breaks, and an end for a chain that is nothing but breaks.
    private int _tries = 2_000_000;

    private long _movedFrom;
    private long _movedTo;
    private long _movedBy;

    /// <summary>Follows the rows from the last one that was right.</summary>
    /// <returns>The last place that a row stands for, and the hash there.</returns>
    public (long Seq, ReadOnlyMemory<byte> Hash) Follow(long seq, ReadOnlyMemory<byte> hash, IEnumerable<ChainLink> rows)
    {
        var left = new LinkedList<ChainLink>(rows);
        while (left.First is { } first)
        {
            if (Find(left, seq + 1, hash) is { } next)
            {
                left.Remove(next);
                Displaced(next.Value.Seq, ++seq);
                hash = next.Value.Hash;
                step(seq, hash, next.Value.Content);
                continue;
            }

            left.RemoveFirst();
            (seq, hash) = Break(first.Value, left.First?.Value, seq, hash);
        }

        FlushMoved();
        return (seq, hash);
    }

    private LinkedListNode<ChainLink>? Find(LinkedList<ChainLink> rows, long seq, ReadOnlyMemory<byte> previous)
    {
        for (var node = rows.First; node is not null && _tries > 0; node = node.Next, _tries--)
        {
            if (node.Value.Fits(chain, seq, previous))
            {
                return node;
            }
        }

        return null;
    }

    private (long Seq, ReadOnlyMemory<byte> Hash) Break(ChainLink row, ChainLink? next, long seq, ReadOnlyMemory<byte> hash)
    {
        var here = seq + 1;
        if (row.Seq < here)
        {
            stray(new AuditFinding(AuditFindingKind.Inserted, chain, row.Seq, row.Seq), row);
            return (seq, hash);
        }

        if (row.Seq > here)
        {
            // What it followed is gone, so only the row after it can tell whether it is as it was.
            missing(AuditFindingKind.Removed, here, row.Seq - 1);
            return Take(row, row.Seq);
        }

        if (next is not null)
        {
            if (next.Fits(chain, here + 1, row.Hash))
            {
                return Changed(row, here);
            }

            if (row.HashAt(chain, here, hash) is { } right && next.Fits(chain, here + 1, right))
            {
                report(new AuditFinding(AuditFindingKind.HashChanged, chain, here, here));
                step(here, right, row.Content);
                return (here, right);
            }

            for (var gone = 1; gone <= MostRenumbered && _tries > 0; gone++, _tries--)
            {
                if (next.Fits(chain, here + gone + 1, row.Hash))
                {
                    missing(AuditFindingKind.Removed, here, here + gone - 1);
                    Displaced(row.Seq, here + gone);
                    return Take(row, here + gone);
                }
            }
        }
        else if (here > known)
        {
            stray(new AuditFinding(AuditFindingKind.Inserted, chain, here, here), row);
            return (seq, hash);
        }

        stray(new AuditFinding(AuditFindingKind.Changed, chain, here, here), row);
        step(here, row.Hash, ContentState.Intact);
        return (here, row.Hash);
    }

    private (long Seq, ReadOnlyMemory<byte> Hash) Changed(ChainLink row, long seq)
    {
        report(new AuditFinding(AuditFindingKind.Changed, chain, seq, seq));
        step(seq, row.Hash, ContentState.Intact);
        return (seq, row.Hash);
    }

    private (long Seq, ReadOnlyMemory<byte> Hash) Take(ChainLink row, long seq)
    {
        step(seq, row.Hash, row.Content);
        return (seq, row.Hash);
    }

    // Rows that stand as much later or earlier as those before them are one finding.
    private void Displaced(long now, long written)
    {
        if (_movedBy != 0 && _movedTo + 1 == written && now - written == _movedBy)
        {
            _movedTo = written;
            return;
        }

        FlushMoved();
        (_movedFrom, _movedTo, _movedBy) = (written, written, now - written);
    }

    private void FlushMoved()
    {
        if (_movedBy != 0)
        {
            report(new AuditFinding(AuditFindingKind.Reordered, chain, _movedFrom, _movedTo) { OtherChain = chain, Other = _movedFrom + _movedBy });
            _movedBy = 0;
        }
    }
}
