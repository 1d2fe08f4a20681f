using Copilot.Domain.Runs.Summaries;

namespace Copilot.Domain.Runs;

/// <summary>
/// The order in which the runs of one session were asked for. A clock that was set back between two messages does not change it; runs from
/// before there were numbers come first, by time.
/// </summary>
public static class RunOrder
{
    /// <summary>Compares two runs of one session.</summary>
    public static IComparer<RunSummary> InSession { get; } = Comparer<RunSummary>.Create((one, other) =>
        (one.Ordinal, one.CreatedAt).CompareTo((other.Ordinal, other.CreatedAt)) is not 0 and var order
            ? order
            : string.CompareOrdinal(one.RunId, other.RunId));

    /// <summary>Runs of several sessions: the places stay those of the list, and in them each session's runs are in their order.</summary>
    public static IReadOnlyList<RunSummary> WithinSessions(IReadOnlyCollection<RunSummary> runs)
    {
        var sessions = runs.GroupBy(run => run.SessionId).ToDictionary(session => session.Key, session => new Queue<RunSummary>(session.Order(InSession)));
        return [.. runs.Select(run => sessions[run.SessionId].Dequeue())];
    }
}
