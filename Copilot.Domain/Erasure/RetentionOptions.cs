namespace Copilot.Domain.Erasure;

/// <summary>When conversations are erased automatically, and how erasure retries. Bound from <c>Retention</c>.</summary>
public sealed class RetentionOptions
{
    /// <summary>
    /// Days after the last event of a conversation's newest run until all of it is erased. Null, the default: it is stored until someone
    /// deletes it. Shorter protects privacy, longer helps later investigations.
    /// </summary>
    public int? Days { get; set; }

    /// <summary>How often to look for conversations that are due. Longer delays their erasure by up to this time.</summary>
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Upper bound of the first wait after a failed deletion upstream; it doubles each time, and the wait is drawn below it.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Upper limit of the bound of <see cref="RetryDelay"/>. Retries never end.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Events whose content is removed in one transaction. More is faster; fewer blocks other writers for less time.</summary>
    public int BatchEvents { get; set; } = 500;

    /// <summary>The rule as named in deletion records.</summary>
    public string? Rule => Days is { } days ? $"Retention:Days={days}" : null;
}
