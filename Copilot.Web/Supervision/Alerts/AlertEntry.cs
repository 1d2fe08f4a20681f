namespace Copilot.Web.Supervision.Alerts;

/// <summary>An alert as supervisors see it in the list.</summary>
/// <param name="Alert">The alert.</param>
/// <param name="Person">Name of the person whose run it is.</param>
/// <param name="SnoozedBy">Name of who lets it rest, or null.</param>
public sealed record AlertEntry(Alert Alert, string Person, string? SnoozedBy)
{
    /// <summary>An alert with the names of people, where they are known.</summary>
    public static AlertEntry Of(Alert alert, IReadOnlyDictionary<string, string> names)
    {
        ArgumentNullException.ThrowIfNull(alert);
        ArgumentNullException.ThrowIfNull(names);
        return new AlertEntry(
            alert,
            names.GetValueOrDefault(alert.Of.UserId) ?? alert.Of.UserId,
            alert.SnoozedBy is { } by ? names.GetValueOrDefault(by) ?? by : null);
    }
}
