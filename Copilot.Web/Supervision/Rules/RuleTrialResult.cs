using System.Collections.Immutable;

namespace Copilot.Web.Supervision.Rules;

/// <summary>How often a rule would have fired, as far as it was looked at.</summary>
/// <param name="Runs">How many runs there were.</param>
/// <param name="Read">How many of them were read.</param>
/// <param name="Count">How often it would have fired.</param>
/// <param name="Moments">The newest runs' moments, a hundred at most.</param>
public sealed record RuleTrialResult(int Runs, int Read, int Count, ImmutableArray<RuleTrialMoment> Moments)
{
    /// <summary>The rule in one sentence, as the access log names it.</summary>
    public required string What { get; init; }

    /// <summary>In how many moments its regular expression took too long.</summary>
    public int Undecided { get; init; }

    /// <summary>True where there were more runs than are looked at.</summary>
    public bool IsCut { get; init; }

    /// <summary>True when every run was read.</summary>
    public bool IsDone => Read >= Runs;

    /// <summary>
    /// How many runs of others its moments show. What people asked is in them: it goes into the access log before anybody is shown them.
    /// </summary>
    /// <param name="userId">Who is shown them.</param>
    public int OthersShownTo(string userId) =>
        Moments.Where(moment => moment.OwnerId != userId).Select(moment => moment.RunId).Distinct(StringComparer.Ordinal).Count();
}
