namespace Copilot.Web.Supervision.Alerts;

/// <summary>An alert as supervisors see it in the list.</summary>
/// <param name="Alert">The alert.</param>
/// <param name="Person">Name of the person whose run it is.</param>
public sealed record AlertEntry(Alert Alert, string Person);
