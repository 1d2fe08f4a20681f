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

    /// <summary>How long a shutdown waits for runs to be interrupted cleanly.</summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(5);
}
