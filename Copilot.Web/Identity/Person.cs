namespace Copilot.Web.Identity;

/// <summary>A person as the store has them now.</summary>
/// <param name="Id">User id (<c>usr_…</c>).</param>
/// <param name="UserName">Name used to sign in.</param>
/// <param name="DisplayName">Name shown to others.</param>
/// <param name="TeamId">Their team.</param>
/// <param name="Roles">All their roles.</param>
/// <param name="IsLocked">True when an admin has locked the account: nothing is allowed.</param>
/// <param name="SecurityStamp">Changes whenever roles, team, lock or password change; a cookie with another stamp is refused.</param>
/// <param name="TimeZone">IANA time zone of their browser, or null.</param>
internal sealed record Person(
    string Id,
    string UserName,
    string DisplayName,
    string TeamId,
    IReadOnlyList<string> Roles,
    bool IsLocked,
    string SecurityStamp,
    string? TimeZone)
{
    /// <summary>The role that allows most, or null for a person without one.</summary>
    public string? Role => HighestRole(Roles);

    /// <summary>The role that allows most of some, or null for none.</summary>
    public static string? HighestRole(IReadOnlyList<string> roles) =>
        roles.Contains(Identity.Roles.Admin) ? Identity.Roles.Admin
        : roles.Contains(Identity.Roles.Supervisor) ? Identity.Roles.Supervisor
        : roles.Contains(Identity.Roles.Staff) ? Identity.Roles.Staff
        : null;
}

/// <summary>What is needed to create a person.</summary>
/// <param name="UserName">Name to sign in with.</param>
/// <param name="DisplayName">Name shown to others.</param>
/// <param name="TeamId">Their team.</param>
/// <param name="Roles">Their roles.</param>
/// <param name="Password">Their password; null for an account without password sign-in.</param>
internal sealed record NewPerson(
    string UserName,
    string DisplayName,
    string TeamId,
    IReadOnlyList<string> Roles,
    string? Password);

/// <summary>The result of a change: problems in sentences for people; empty on success.</summary>
internal sealed record PersonChange(IReadOnlyList<string> Problems)
{
    /// <summary>The change is committed.</summary>
    public static PersonChange Done { get; } = new([]);

    /// <summary>Everything is so already; nothing was written.</summary>
    public static PersonChange Unchanged { get; } = new([]) { IsUnchanged = true };

    /// <summary>There is no such person.</summary>
    public static PersonChange NotFound { get; } = new([AccountText.NoSuchPerson]);

    /// <summary>True when there was nothing to change.</summary>
    public bool IsUnchanged { get; private init; }

    /// <summary>True when the change is committed.</summary>
    public bool Succeeded => Problems.Count == 0;
}
