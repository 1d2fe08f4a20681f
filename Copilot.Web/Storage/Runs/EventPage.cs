using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Log;

namespace Copilot.Web.Storage.Runs;

/// <summary>Events up to a number and up to <see cref="IRunEventStore.PageBytes"/>: the one that gets there is the last.</summary>
internal sealed class EventPage(int limit)
{
    private readonly List<RunEvent> _events = [];
    private long _bytes;

    /// <summary>So many at most.</summary>
    public int Limit { get; } = limit;

    /// <summary>What it has.</summary>
    public IReadOnlyList<RunEvent> Events => _events;

    /// <summary>True when nothing more has room.</summary>
    public bool IsFull => _events.Count >= Limit || _bytes >= IRunEventStore.PageBytes;

    /// <summary>An empty page for what has room here.</summary>
    public EventPage Remaining() => new(Limit - _events.Count) { _bytes = _bytes };

    /// <summary>Adds events while they have room.</summary>
    public void Add(IEnumerable<RunEvent> events)
    {
        foreach (var one in events)
        {
            if (IsFull)
            {
                return;
            }

            _events.Add(one);
            _bytes += one.Data.Length;
        }
    }
}
