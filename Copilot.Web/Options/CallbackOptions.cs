using Copilot.Domain.Settings;

namespace Copilot.Web.Options;

/// <summary>Reports of runs to the addresses that API clients name (<c>callback_url</c>). Bound from <c>Callbacks</c>.</summary>
public sealed class CallbackOptions
{
    /// <summary>What callbacks are signed with, at least 16 characters. Without it no run may have a callback. Default: none.</summary>
    [Matches(@"[^\s\p{Cc}]{16,}", "at least 16 characters without spaces", IsSecret = true)]
    public string? Secret { get; set; }

    /// <summary>
    /// Whether callbacks may go to this machine and to private networks. Off, whoever has an API key cannot make the server call what
    /// only it can reach. Default: false.
    /// </summary>
    public bool AllowPrivateAddresses { get; set; }

    /// <summary>How long an address has to answer. Default: 10 s.</summary>
    [Duration("00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Upper bound of the wait before the second try; it doubles each time up to an hour, and the wait is at least half of it. Default: 5 s.
    /// </summary>
    [Duration]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a callback is tried in all. Default: 15, which is about half a day.</summary>
    [Between(1, 100)]
    public int MaxAttempts { get; set; } = 15;
}
