using System.Globalization;
using Copilot.Web.Supervision.Alerts;

namespace Copilot.Web.Components.Alerts;

/// <summary>Sentences about alerts.</summary>
internal static class AlertText
{
    public const string Alerts = "Alerts";
    public const string None = "Nothing needs anybody. Alerts appear here as soon as a run shows a sign of trouble or waits for a person.";
    public const string Loading = "Loading alerts";
    public const string NotLoadedTitle = "The alerts couldn't be loaded";
    public const string NotLoaded = "Alerts can't be read at the moment. Trying again…";
    public const string DeniedTitle = "This page is for supervisors";
    public const string Denied = "Your account can't see alerts about other people's runs.";
    public const string GoToConversations = "Go to your conversations";
    public const string NotDone = "This couldn't be done. You can try again.";

    public const string Claim = "Claim";
    public const string Release = "Release";
    public const string Snooze = "Snooze 15 min";
    public const string Over = "Over";
    public const string Acknowledge = "Acknowledge";
    public const string OpenRun = "Open run";
    public const string Escalated = "Escalated: nobody has claimed it";

    public const string NotifyOn = "Notify me in this browser";
    public const string NotifyOff = "Stop notifications in this browser";
    public const string NotifyDenied = "This browser doesn't allow notifications. Allow them in its settings for this site.";
    public const string NotifyUnsupported = "This browser can't show notifications.";

    /// <summary>How many are nobody's, beside the link.</summary>
    public static string Count(int count) => count == 1 ? "1 alert is nobody's" : $"{count} alerts are nobody's";

    /// <summary>What it is about.</summary>
    /// <param name="alert">The alert.</param>
    /// <param name="tool">The tool's title, or null.</param>
    public static string Kind(Alert alert, string? tool) => alert.Kind switch
    {
        AlertEngine.HelpRequested => "Help asked for",
        "approval_waiting" => $"Waits for approval{About(tool)}",
        "question_waiting" => "Waits for an answer",
        "budget_reached" => "Waits for a higher budget",
        "outcome_unknown" => $"Outcome unknown{About(tool)}",
        "interrupted" => "Interrupted",
        "waiting" => "Waits for a person",
        "rule_fired" => alert.Firings > 1
            ? string.Create(CultureInfo.InvariantCulture, $"Rule “{alert.RuleName}”, {alert.Firings} times")
            : $"Rule “{alert.RuleName}”",
        "tool_overdue" => $"Tool overdue{About(tool)}",
        "tool_slow" => $"Tool slow{About(tool)}",
        "silent" => "Nothing has happened for long",
        "retrying" => "Retrying",
        "repeated_call" => $"The same call again and again{About(tool)}",
        "growing" => "Text grows without end",
        "budget_nearly_used" => "Most of the budget is used",
        "context_nearly_full" => "Most of the context is used",
        "tool_failed" => $"Tool failed or denied{About(tool)}",
        "fell_back" => "HTTP instead of WebSocket",
        _ => alert.Kind.Replace('_', ' '),
    };

    /// <summary>Who cares for it.</summary>
    public static string State(AlertEntry entry, DateTimeOffset now, TimeZoneInfo zone) => entry.Alert switch
    {
        { Owner: { } owner } => $"{owner.Name} has had it since {Hour(owner.At, zone)}",
        { AcknowledgedBy: { } name, AcknowledgedAt: { } at } => $"Acknowledged by {name} at {Hour(at, zone)}",
        { AcknowledgedBy: { } name } => $"Acknowledged by {name}",
        { SnoozedUntil: { } until } when until > now => $"Snoozed until {Hour(until, zone)}{(entry.SnoozedBy is { } who ? $" by {who}" : "")}",
        { EscalatedAt: not null } => Escalated,
        _ => "Nobody has it",
    };

    /// <summary>What is told when one comes.</summary>
    public static string Arrived(Alert alert, string? tool, string person) =>
        alert.EscalatedAt is null ? $"{person}: {Kind(alert, tool)}" : $"{Escalated}. {person}: {Kind(alert, tool)}";

    /// <summary>A button about one of several alerts.</summary>
    public static string About(string verb, string person, string kind) => $"{verb}: {person}, {kind}";

    private static string About(string? tool) => tool is null ? "" : $": {tool}";

    private static string Hour(DateTimeOffset at, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(at, zone).ToString("HH:mm", CultureInfo.InvariantCulture);
}
