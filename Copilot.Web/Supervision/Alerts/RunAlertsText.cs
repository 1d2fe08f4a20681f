namespace Copilot.Web.Supervision.Alerts;

/// <summary>What people read when an alert is not changed as they meant it.</summary>
internal static class RunAlertsText
{
    public const string Gone = "This alert no longer exists.";
    public const string Cleared = "This alert is over: the reason for it has gone.";
    public const string SnoozeTooLong = "An alert can be snoozed for one minute up to 24 hours.";
}
