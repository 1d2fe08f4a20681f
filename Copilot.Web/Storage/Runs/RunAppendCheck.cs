using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;

namespace Copilot.Web.Storage.Runs;

/// <summary>Checks a batch without reading the database.</summary>
internal static class RunAppendCheck
{
    /// <exception cref="ArgumentException">The batch is invalid; the message says why.</exception>
    public static void ThrowIfInvalid(IReadOnlyList<RunAppend> appends)
    {
        foreach (var (summary, events) in appends)
        {
            if (events.Count == 0)
            {
                throw new ArgumentException($"The append of run {summary.RunId} has no events.", nameof(appends));
            }

            var expected = events[0].Seq;
            foreach (var @event in events)
            {
                if (@event.RunId != summary.RunId)
                {
                    throw new ArgumentException($"The append of run {summary.RunId} has an event of run {@event.RunId}.", nameof(appends));
                }

                if (@event.Seq != expected++)
                {
                    throw new ArgumentException($"The append of run {summary.RunId} has a hole before event {@event.Seq}.", nameof(appends));
                }

                if (@event.Seq == 1 != (@event.Type == RunEventTypes.RunCreated))
                {
                    throw new ArgumentException($"Event 1 of run {summary.RunId}, and no other, is {RunEventTypes.RunCreated}.", nameof(appends));
                }
            }

            if (summary.HeadSeq != events[^1].Seq)
            {
                throw new ArgumentException(
                    $"The summary of run {summary.RunId} stands at event {summary.HeadSeq}, its append ends with {events[^1].Seq}.", nameof(appends));
            }
        }
    }
}
