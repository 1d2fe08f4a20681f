using Copilot.Domain.Concurrency;
using Copilot.Domain.Runs.Events;

namespace Copilot.Domain.Runs.Log;

/// <summary>
/// The newest committed events of one run and one signal. A viewer is a cursor here, never a queue: however slow it is, it
/// costs nothing and misses nothing, because what has left the tail is in the store.
/// </summary>
internal sealed class RunLog
{
    private const int TailEvents = 2_048;
    private const long TailBytes = 4 * 1024 * 1024;
    private const int BatchEvents = 1_024;

    private readonly Lock _lock = new();
    private readonly List<RunEvent> _tail = [];
    private readonly AsyncSignal _changed = new();
    private int _first;
    private long _tailBytes;
    private long _head;

    /// <summary>Completes at the next publish. Take it before reading.</summary>
    public Task Changed => _changed.Next;

    /// <summary>
    /// What the tail has after the cursor: empty when there is nothing new, null when the tail cannot tell and the store must.
    /// </summary>
    public IReadOnlyList<RunEvent>? Read(long after)
    {
        lock (_lock)
        {
            if (_head == 0)
            {
                return null;
            }

            if (after >= _head)
            {
                return [];
            }

            var first = _tail[_first].Seq;
            if (after + 1 < first)
            {
                return null;
            }

            var index = _first + (int)(after + 1 - first);
            return _tail.GetRange(index, Math.Min(BatchEvents, _tail.Count - index));
        }
    }

    /// <summary>Makes committed events visible, in order, without a hole.</summary>
    public void Publish(IReadOnlyList<RunEvent> events)
    {
        lock (_lock)
        {
            foreach (var runEvent in events)
            {
                if (_head != 0 && runEvent.Seq != _head + 1)
                {
                    throw new InvalidOperationException(
                        $"Run {runEvent.RunId} published event {runEvent.Seq} after event {_head}.");
                }

                _head = runEvent.Seq;
                _tail.Add(runEvent);
                _tailBytes += runEvent.Data.Length;
            }

            Trim();
        }

        _changed.Set();
    }

    /// <summary>Empties the tail: what is in it may have a hole, and the store has everything.</summary>
    public void Reset()
    {
        lock (_lock)
        {
            _tail.Clear();
            (_first, _tailBytes, _head) = (0, 0, 0);
        }

        _changed.Set();
    }

    private void Trim()
    {
        while (_tail.Count - _first > 1 && (_tail.Count - _first > TailEvents || _tailBytes > TailBytes))
        {
            _tailBytes -= _tail[_first].Data.Length;

            // The slot stays until the rest moves down; what it held does not.
            _tail[_first++] = null!;
        }

        // Moving the rest down once in a while is cheaper than at every publish.
        if (_first > TailEvents)
        {
            _tail.RemoveRange(0, _first);
            _first = 0;
        }
    }
}
