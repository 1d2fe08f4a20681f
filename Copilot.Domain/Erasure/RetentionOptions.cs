namespace Copilot.Domain.Erasure;

/// <summary>When the server must forget, and how hard it tries. Bound from <c>Retention</c>.</summary>
public sealed class RetentionOptions
{
    /// <summary>
    /// Days after the last event of a conversation's newest run until all of it is forgotten. Null, the default: it is kept until
    /// somebody asks to forget it. Shorter is kinder to people, longer to whoever has to find out later what happened.
    /// </summary>
    public int? Days { get; set; }

    /// <summary>How often conversations that are due are looked for. Longer lets them live a little longer than their days.</summary>
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Bound of the first wait after the upstream could not be made to forget; it doubles each time, and the wait is drawn below it.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The most that the bound of <see cref="RetryDelay"/> grows to. Nothing is ever given up.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Events whose content is removed in one transaction. More is faster, fewer keeps other writers waiting less.</summary>
    public int BatchEvents { get; set; } = 500;

    /// <summary>The rule as evidence names it.</summary>
    public string? Rule => Days is { } days ? $"Retention:Days={days}" : null;
}
