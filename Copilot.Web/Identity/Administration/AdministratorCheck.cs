namespace Copilot.Web.Identity.Administration;

/// <summary>Who may administer people: admins, by what the store says at that moment, and commands.</summary>
internal static class AdministratorCheck
{
    /// <summary>True when this caller may see and change people.</summary>
    public static async Task<bool> IsAdminAsync(this PersonStore people, ChangedBy by, CancellationToken cancellationToken) =>
        by.UserId is not { } userId
        || await people.FindAsync(userId, cancellationToken) is { IsLocked: false, Role: Roles.Admin };
}
