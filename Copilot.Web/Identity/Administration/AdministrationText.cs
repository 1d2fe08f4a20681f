using Copilot.Web.Security;

namespace Copilot.Web.Identity.Administration;

/// <summary>Why a change to people, teams, invitations or keys was refused: for the pages and for commands.</summary>
internal static class AdministrationText
{
    public const string AdminsOnly = "Only admins can do this.";
    public const string LastAdmin = "This is the last admin who can sign in. Make another person an admin first.";
    public const string RoleUnknown = "The role must be Staff, Supervisor or Admin.";
    public const string TeamUnknown = "There is no such team.";
    public const string NoSuchSignIn = "This sign-in has ended already.";
    public const string NoSuchInvitation = "This invitation is not open any more.";
    public const string NoSuchKey = "This key does not exist, or it was revoked already.";
    public const string ExpiryPast = "The expiry must be in the future.";
    public const string ScopesMissing = "Choose what the key may be used for.";

    /// <summary>A name is empty, too long or has characters that cannot be seen.</summary>
    public static string NameInvalid(int limit) => $"A name must have 1 to {limit} characters that can be seen.";

    /// <summary>A scope that does not exist.</summary>
    public static string ScopeUnknown(string scope) => $"There is no scope '{scope}'. The scopes are: {string.Join(", ", ApiScopes.All)}.";

    /// <summary>A person has too many keys.</summary>
    public static string TooManyKeys(int limit) => $"A person can have {limit} keys. Revoke one that is not used any more.";

    /// <summary>How long an invitation may be open.</summary>
    public static string InvitationDays(int limit) => $"An invitation can be open for 1 to {limit} days.";
}
