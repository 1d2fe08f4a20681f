namespace Copilot.Web.Sessions.RunScreen;

/// <summary>The numbers of the events that a filter shows, as far as the log was searched. Used by one reader at a time.</summary>
/// <param name="filter">The filter.</param>
/// <param name="first">Seq of the run's first event.</param>
public sealed class RawEventMatches(RawEventFilter filter, long first)
{
    private readonly List<long> _seqs = [];

    /// <summary>The filter.</summary>
    public RawEventFilter Filter => filter;

    /// <summary>The numbers, in order. Only without a filter it is empty: then every number counts.</summary>
    public IReadOnlyList<long> Seqs => _seqs;

    /// <summary>Seq up to which the log was searched.</summary>
    public long SearchedTo { get; private set; } = first - 1;

    /// <summary>How many events were searched.</summary>
    public long Searched => SearchedTo - first + 1;

    /// <summary>How many rows there are.</summary>
    public int Count => filter == RawEventFilter.None ? (int)Searched : _seqs.Count;

    /// <summary>The number of the event in a row.</summary>
    public long SeqAt(int row) => filter == RawEventFilter.None ? row + first : _seqs[row];

    /// <summary>The row of an event, or of the first one after it; <see cref="Count"/> where there is none.</summary>
    public int RowOf(long seq)
    {
        if (filter == RawEventFilter.None)
        {
            return (int)Math.Clamp(seq - first, 0, Count);
        }

        var row = _seqs.BinarySearch(seq);
        return row < 0 ? ~row : row;
    }

    /// <summary>Notes that an event is shown.</summary>
    public void Add(long seq) => _seqs.Add(seq);

    /// <summary>Notes how far the log was searched.</summary>
    public void Reach(long seq) => SearchedTo = Math.Max(SearchedTo, seq);
}
