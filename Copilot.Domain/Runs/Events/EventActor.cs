namespace Copilot.Domain.Runs.Events;

/// <summary>The person behind an event.</summary>
/// <param name="Id">User id.</param>
/// <param name="Role"><c>Staff</c>, <c>Supervisor</c> or <c>Admin</c>, as it was then; <c>System</c> for a rule of the product.</param>
public sealed record EventActor(string Id, string Role)
{
    /// <summary>The rule that forgets what is old.</summary>
    public static EventActor Retention { get; } = new("retention", "System");
}
