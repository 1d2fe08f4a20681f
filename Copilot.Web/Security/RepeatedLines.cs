using System.Collections.Concurrent;

namespace Copilot.Web.Security;

/// <summary>
/// Keeps strangers from filling the log: of what they can cause without signing in, each kind is logged once a minute, with how often it
/// has happened in between.
/// </summary>
internal sealed class RepeatedLines(TimeProvider time)
{
    /// <summary>How often one kind is logged.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Counter> _kinds = new(StringComparer.Ordinal);

    /// <summary>True when this one is to be logged.</summary>
    /// <param name="kind">What happened: one of a few constants, never what a stranger has sent.</param>
    /// <param name="unlogged">How often it has happened since the last line, this one left out.</param>
    public bool IsDue(string kind, out long unlogged)
    {
        var counter = _kinds.GetOrAdd(kind, static _ => new Counter());
        lock (counter)
        {
            if (counter.LastAt is { } last && time.GetElapsedTime(last) < Pause)
            {
                counter.Unlogged++;
                unlogged = 0;
                return false;
            }

            unlogged = counter.Unlogged;
            (counter.LastAt, counter.Unlogged) = (time.GetTimestamp(), 0);
            return true;
        }
    }

    private sealed class Counter
    {
        public long? LastAt { get; set; }

        public long Unlogged { get; set; }
    }
}
