using Copilot.Domain.Settings;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Supervision.Alerts;

/// <summary>When a sign becomes an alert, and who is told of it outside the pages. Bound from <c>Alerts</c>.</summary>
public sealed class AlertOptions
{
    /// <summary>How long a sign must stand until it becomes an alert, so that what passes by itself alarms nobody. Default: 10 s.</summary>
    [Duration]
    public TimeSpan RaiseAfter { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an alert may be nobody's until it escalates: it is shown as such, and told a second time. Default: two minutes.</summary>
    [Duration]
    public TimeSpan EscalateAfter { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Kinds of signs that raise no alert, like <c>tool_slow</c>. Default: none.</summary>
    public IList<string> Off { get; } = [];

    /// <summary>Addresses that alerts are reported to, signed and repeated. Default: none.</summary>
    [ValidateEnumeratedItems]
    public IList<AlertWebhookOptions> Webhooks { get; } = [];

    /// <summary>Whether reports may go to this machine and to private networks. Default: false.</summary>
    public bool AllowPrivateAddresses { get; set; }

    /// <summary>How long an address has to answer. Default: 10 s.</summary>
    [Duration("00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Upper bound of the wait before the second try of a report; it doubles each time up to an hour, and the wait is at least half of it.
    /// Default: 5 s.
    /// </summary>
    [Duration]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a report is tried in all. Default: 15, which is about half a day.</summary>
    [Between(1, 100)]
    public int MaxAttempts { get; set; } = 15;
}
