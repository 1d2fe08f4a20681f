using Copilot.Domain.Runs.Events;

namespace Copilot.Domain.Runs;

/// <summary>Limits over all runs of the process. Bound from <c>Runs</c>.</summary>
public sealed class RunOptions
{
    /// <summary>Runs that may be active at once; more are refused with "try again later".</summary>
    public int MaxActive { get; set; } = 250;

    /// <summary>Runs one person may have waiting in queues.</summary>
    public int MaxQueuedPerUser { get; set; } = 5;

    /// <summary>Longest message, in UTF-16 code units.</summary>
    public int MaxInputLength { get; set; } = 100_000;

    /// <summary>Received bytes of one run that may wait for their commit before the socket is read no further.</summary>
    public int MaxUnwrittenBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>
    /// Whether runs that a restart interrupted go on by themselves where no call could have an effect twice. Off: people are
    /// asked for each.
    /// </summary>
    public bool ResumeAtStart { get; set; } = true;

    /// <summary>
    /// What one run may cost, in units of the prices' currency; null for no limit. It is held to before each response: a response that
    /// has begun is not cut, so a run may end a little above it.
    /// </summary>
    public decimal? Budget { get; set; }

    /// <summary>Whether a run that has used up its budget stops, or asks a person first.</summary>
    public OnBudget OnBudget { get; set; }

    /// <summary>How long a run waits for a person to raise its budget before it ends.</summary>
    public TimeSpan BudgetDecisionTimeout { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a shutdown waits for runs to be interrupted cleanly.</summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(5);
}
