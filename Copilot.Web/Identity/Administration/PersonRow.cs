namespace Copilot.Web.Identity.Administration;

/// <summary>A person in the list of people.</summary>
/// <param name="Id">User id (<c>usr_…</c>).</param>
/// <param name="UserName">Name to sign in with.</param>
/// <param name="Name">Name shown to others.</param>
/// <param name="Role">The role that allows most; null for a person without one.</param>
/// <param name="Team">Name of their team.</param>
/// <param name="State">Whether they can sign in.</param>
/// <param name="LastSignInAt">When they signed in last; null if never.</param>
/// <param name="OpenSignIns">Sign-ins that are open now.</param>
public sealed record PersonRow(
    string Id,
    string UserName,
    string Name,
    string? Role,
    string Team,
    PersonState State,
    DateTimeOffset? LastSignInAt,
    int OpenSignIns);

/// <summary>Whether a person can sign in.</summary>
public enum PersonState
{
    /// <summary>Yes.</summary>
    Active,

    /// <summary>Not for some minutes: there were too many wrong passwords.</summary>
    LockedOut,

    /// <summary>Not until an admin unlocks them.</summary>
    Locked,
}
