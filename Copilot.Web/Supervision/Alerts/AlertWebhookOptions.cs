using Copilot.Domain.Settings;

namespace Copilot.Web.Supervision.Alerts;

/// <summary>An address that alerts are reported to.</summary>
public sealed class AlertWebhookOptions
{
    /// <summary>Where to, as a whole address. Needed. Default: none.</summary>
    [Needed("an address like https://example.com/alerts")]
    [HttpAddress]
    public Uri? Url { get; set; }

    /// <summary>What its reports are signed with, at least 16 characters. Needed. Default: none.</summary>
    [Needed("at least 16 characters without spaces")]
    [Matches(@"[^\s\p{Cc}]{16,}", "at least 16 characters without spaces", IsSecret = true)]
    public string? Secret { get; set; }

    /// <summary>Which kinds of alerts are reported, like <c>help_requested</c>. Default: all.</summary>
    public IList<string> Kinds { get; } = [];
}
