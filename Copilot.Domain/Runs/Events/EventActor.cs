namespace Copilot.Domain.Runs.Events;

/// <summary>The person behind an event.</summary>
/// <param name="Id">User id.</param>
/// <param name="Role"><c>Staff</c>, <c>Supervisor</c> or <c>Admin</c>, as it was then; <c>System</c> for a rule of the product, <c>Rule</c> for one of a supervisor.</param>
public sealed record EventActor(string Id, string Role)
{
    /// <summary>The role of a rule that a supervisor wrote.</summary>
    public const string RuleRole = "Rule";

    /// <summary>The rule that forgets what is old.</summary>
    public static EventActor Retention { get; } = new("retention", "System");

    /// <summary>A rule that a supervisor wrote.</summary>
    /// <param name="ruleId">The rule (<c>rul_…</c>).</param>
    public static EventActor Rule(string ruleId) => new(ruleId, RuleRole);
}
