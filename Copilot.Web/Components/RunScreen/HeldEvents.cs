using Copilot.Web.Sessions.RunScreen;

namespace Copilot.Web.Components.RunScreen;

/// <summary>
/// Rows of raw events that were read already. What was recorded never changes, so what is in sight is read once. Two may ask at the same
/// time, what is in sight and what follows the playhead: each gets its rows, whatever the other lets go of meanwhile.
/// </summary>
/// <param name="events">The events.</param>
internal sealed class HeldEvents(RawEvents events)
{
    private const int Most = 400;

    private readonly Dictionary<long, RawEvent> _held = [];

    /// <summary>Those of these rows that are held, in the order that was asked for.</summary>
    public IReadOnlyList<RawEvent> Known(IEnumerable<long> seqs) => [.. seqs.Select(seq => _held.GetValueOrDefault(seq)).OfType<RawEvent>()];

    /// <summary>These rows, in the order that was asked for; those that are not held are read. One that is not there is left out.</summary>
    /// <exception cref="OperationCanceledException">The reading was stopped, or the permission has ended.</exception>
    public async Task<IReadOnlyList<RawEvent>> ReadAsync(IReadOnlyList<long> seqs, CancellationToken cancellationToken)
    {
        // Taken before the reading: until it is done, somebody else may let go of them.
        var found = seqs.Where(_held.ContainsKey).ToDictionary(seq => seq, seq => _held[seq]);
        var missing = seqs.Where(seq => !found.ContainsKey(seq)).Order().ToList();
        if (missing.Count > 0)
        {
            var rows = await events.ReadAsync(missing, cancellationToken);
            if (_held.Count > Most)
            {
                foreach (var seq in _held.Keys.Except(seqs).ToList())
                {
                    _held.Remove(seq);
                }
            }

            foreach (var row in rows)
            {
                found[row.Seq] = _held[row.Seq] = row;
            }
        }

        return [.. seqs.Select(seq => found.GetValueOrDefault(seq)).OfType<RawEvent>()];
    }
}
