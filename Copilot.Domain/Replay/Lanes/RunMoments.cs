using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.State;
using Copilot.Domain.Timeline.Text;

namespace Copilot.Domain.Replay.Lanes;

/// <summary>The moments of a run that end what began before them.</summary>
internal sealed class RunMoments
{
    private readonly TimelineState _state;
    private readonly List<SeqMark> _sent = [];
    private readonly List<SeqMark> _connections = [];

    public RunMoments(TimelineState state)
    {
        _state = state;
        foreach (var item in state.Items)
        {
            if (item is AttemptItem)
            {
                _sent.Add(new SeqMark(item.FromSeq, item.At));
            }
            else if (item is ConnectionItem)
            {
                _connections.Add(new SeqMark(item.FromSeq, item.At));
            }
        }
    }

    /// <summary>When the run left the queue, or null.</summary>
    public DateTimeOffset? StartedAt => _state.StartedAt;

    /// <summary>When it ended for good, or null.</summary>
    public DateTimeOffset? EndedAt => _state.EndedAt;

    /// <summary>When the next request after an event was sent, or null.</summary>
    public DateTimeOffset? SentAfter(long seq) => After(_sent, seq);

    /// <summary>When the run's status changed next after an event, or null.</summary>
    public DateTimeOffset? StatusAfter(long seq)
    {
        foreach (var step in _state.Statuses.Steps)
        {
            if (step.Seq > seq)
            {
                return step.At;
            }
        }

        return null;
    }

    /// <summary>Seq of the event by which the run began to wait for a person, the first after an event; null where it did not.</summary>
    public long? WaitingAfter(long seq)
    {
        foreach (var step in _state.Statuses.Steps)
        {
            if (step.Seq > seq)
            {
                return step.Value is RunStatus.Waiting ? step.Seq : null;
            }
        }

        return null;
    }

    /// <summary>When a connection that was never closed can have lasted no longer: another was opened, the run was interrupted or ended.</summary>
    public DateTimeOffset? ConnectionEndAfter(long seq)
    {
        var end = After(_connections, seq);
        foreach (var step in _state.Statuses.Steps)
        {
            if (step.Seq > seq && step.Value.IsSettled())
            {
                return end < step.At ? end : step.At;
            }
        }

        return end;
    }

    private static DateTimeOffset? After(List<SeqMark> marks, long seq)
    {
        var (low, high) = (0, marks.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = marks[middle].Seq > seq ? (low, middle) : (middle + 1, high);
        }

        return low < marks.Count ? marks[low].At : null;
    }
}
