using Copilot.Domain.Settings;

namespace Copilot.Domain.Erasure;

/// <summary>When conversations are erased automatically, and how erasure retries. Bound from <c>Retention</c>.</summary>
public sealed class RetentionOptions
{
    /// <summary>A hundred years, in days. More would not fit into the beginning of the calendar.</summary>
    public const int MostDays = 36_500;

    /// <summary>
    /// Days after the last event of a conversation's newest run until all of it is deleted, where no rule of an admin says otherwise. Without it, conversations stay until
    /// somebody deletes them. Shorter protects people's data better; longer helps to find out later what happened. Default: none.
    /// </summary>
    [Between(1, MostDays)]
    public int? Days { get; set; }

    /// <summary>
    /// How long a deletion that somebody asked for on a page can be undone; it begins then. Content that is deleted is hidden at once.
    /// Default: 12 s.
    /// </summary>
    [Duration("00:10:00")]
    public TimeSpan UndoPeriod { get; set; } = TimeSpan.FromSeconds(12);

    /// <summary>How often conversations that are due are looked for. Longer lets them live a little longer than their days. Default: 1 h.</summary>
    [Duration]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Upper bound of the first wait after the upstream could not delete something. It doubles each time up to
    /// <see cref="MaxRetryDelay"/>, and the wait is drawn at random below it. Default: 5 s.
    /// </summary>
    [Duration]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The most that the bound of <see cref="RetryDelay"/> grows to. Nothing is ever given up. Default: 1 h.</summary>
    [Duration]
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Events whose content is removed in one transaction. More is faster, fewer keeps other writers waiting less. Default: 500.</summary>
    [AtLeast(1)]
    public int BatchEvents { get; set; } = 500;
}
