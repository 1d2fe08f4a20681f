using System.Globalization;
using Copilot.Web.Identity;
using Copilot.Web.Identity.Administration;
using Copilot.Web.Identity.Invitations;
using Copilot.Web.Runs.Personal;
using Copilot.Web.Security;

namespace Copilot.Web.Components.Access;

/// <summary>Texts of the pages for people, invitations, sign-ins and API keys.</summary>
internal static class AccessText
{
    public const string People = "People";
    public const string PeopleDetails = "Who can sign in here, what they may do, and what was changed.";
    public const string Invite = "Invite";
    public const string InviteTitle = "Invite a person";
    public const string CreateLink = "Create link";
    public const string Search = "Search people";
    public const string Loading = "Loading people";
    public const string NoneFound = "Nobody found. Try another name.";
    public const string NotLoadedTitle = "People couldn't be loaded";
    public const string NotLoaded = "Nothing was changed. The page tries again by itself.";
    public const string AdminsOnly = "For admins only";
    public const string AdminsOnlyDetails = "You don't have access to this page.";
    public const string GoToConversations = "Go to your conversations";
    public const string NoSuchPerson = "There is no such person";
    public const string NoSuchPersonDetails = "They may have been deleted. What was done before is below.";
    public const string BackToPeople = "Back to people";
    public const string SignedOut = "You are not signed in any more. Nothing was changed.";
    public const string Failed = "This couldn't be saved. Nothing was changed. You can try again.";

    public const string Name = "Name";
    public const string UserName = "User name";
    public const string Role = "Role";
    public const string TeamField = "Team";
    public const string NewTeam = "New team…";
    public const string NewTeamName = "Name of the new team";
    public const string StateColumn = "State";
    public const string LastSignIn = "Last sign-in";
    public const string OpenSignIns = "Open sign-ins";
    public const string NotLately = "Not in 30 days";
    public const string OpenFor = "Open for";

    public const string Invitations = "Open invitations";
    public const string LinkTitle = "Invitation link";
    public const string LinkOnce = "Copy the link now: it is shown this once. It works once, for whoever accepts it first.";
    public const string CopyLink = "Copy link";
    public const string Withdraw = "Withdraw";
    public const string WithdrawTitle = "Withdraw invitation?";
    public const string Withdrawn = "The invitation was withdrawn.";

    public const string Change = "Change role or team";
    public const string Save = "Save";
    public const string Cancel = "Cancel";
    public const string Done = "Done";
    public const string Lock = "Lock";
    public const string LockTitle = "Lock this account?";
    public const string Unlock = "Unlock";
    public const string Delete = "Delete";
    public const string DeleteTitle = "Delete this person?";
    public const string ExportData = "Export data";
    public const string DownloadMyData = "Download my data";
    public const string EraseData = "Delete conversations";
    public const string EraseTitle = "Delete all conversations?";
    public const string NotErased = "The conversations couldn't be deleted. Please try again.";
    public const string SignOutEverywhere = "Sign out everywhere";
    public const string SignOutTitle = "Sign out everywhere?";
    public const string Actions = "Actions";

    public const string SignIns = "Open sign-ins";
    public const string NoSignIns = "Not signed in anywhere.";
    public const string EndSignIn = "End";
    public const string EndSignInTitle = "End this sign-in?";
    public const string EndSignInDetails = "Its pages close within seconds. Other sign-ins stay.";
    public const string SignInEnded = "The sign-in was ended.";
    public const string UnknownBrowser = "Unknown browser";

    public const string Keys = "API keys";
    public const string KeysDetails = "Keys let n8n, apps and scripts use the HTTP API in your name, within the scopes that you choose.";
    public const string NoKeysTitle = "No keys yet";
    public const string NoKeys = "Make one for each app or script, so that you can end one without the others.";
    public const string NoKeysOfPerson = "No keys.";
    public const string LoadingKeys = "Loading API keys";
    public const string KeysNotLoaded = "Your keys couldn't be loaded. They work as before.";
    public const string KeysNotLoadedTitle = "API keys couldn't be loaded";
    public const string NewKey = "New key";
    public const string CreateKey = "Create key";
    public const string KeyTitle = "Your new key";
    public const string KeyOnce = "Copy the key now: it is shown this once. Keep it where nobody else can read it.";
    public const string CopyKey = "Copy key";
    public const string KeyName = "What it is for";
    public const string Scopes = "It may";
    public const string Revoke = "Revoke";
    public const string RevokeTitle = "Revoke this key?";
    public const string Revoked = "The key was revoked.";
    public const string Expires = "Works until";
    public const string Forever = "No end";
    public const string LastUsed = "Last use";
    public const string NeverUsed = "Never";

    public const string Changes = "Changes";
    public const string RecentChanges = "Recent changes";
    public const string NoChanges = "Nothing was changed yet.";

    /// <summary>The roles, with what they may do.</summary>
    public static string RoleDetails(string? role) => role switch
    {
        Roles.Admin => "Admin: sees and controls everything",
        Roles.Supervisor => "Supervisor: also sees the team's runs",
        Roles.Staff => "Staff: own conversations",
        _ => "No role",
    };

    /// <summary>Whether a person can sign in.</summary>
    public static string State(PersonState state) => state switch
    {
        PersonState.Locked => "Locked",
        PersonState.LockedOut => "Too many wrong passwords",
        _ => "Active",
    };

    /// <summary>What a scope allows, after "It may".</summary>
    public static string Scope(string scope) => scope switch
    {
        ApiScopes.RunsRead => "read and follow runs",
        ApiScopes.RunsWrite => "start, steer and stop runs, and decide approvals",
        ApiScopes.FilesRead => "download files",
        ApiScopes.FilesWrite => "upload files",
        ApiScopes.SessionsRead => "read conversations and their costs",
        ApiScopes.SessionsDelete => "delete conversations",
        ApiScopes.LeversRead => "read the levers for an incident",
        ApiScopes.RulesRead => "read the rules of supervisors and try one on past runs",
        ApiScopes.RulesWrite => "write, change and remove rules, as a supervisor",
        ApiScopes.RetentionRead => "read retention rules and legal holds, as an admin",
        ApiScopes.RetentionWrite => "change retention rules and legal holds, as an admin",
        ApiScopes.LeversWrite => "stop new requests and switch tools off, as an admin",
        _ => scope,
    };

    /// <summary>Days to choose from.</summary>
    public static string Days(int? days) => days switch
    {
        null => Forever,
        1 => "1 day",
        365 => "1 year",
        _ => $"{days} days",
    };

    /// <summary>A moment in the person's time zone.</summary>
    public static string Moment(DateTimeOffset at, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(at, zone).ToString("d MMM yyyy, HH:mm", CultureInfo.InvariantCulture);

    /// <summary>How many people there are.</summary>
    public static string Count(int count) => count == 1 ? "1 person" : $"{count} people";

    /// <summary>An invitation in the list.</summary>
    public static string Invitation(InvitationInfo invitation, TimeZoneInfo zone) =>
        $"{invitation.Role}, {invitation.Team}. Open until {Moment(invitation.ExpiresAt, zone)}";

    /// <summary>Asks whether to withdraw an invitation.</summary>
    public static string WithdrawDetails(string name) => $"The link for {name} will not work any more.";

    /// <summary>A button about one of several things.</summary>
    public static string About(string verb, string name) => $"{verb}: {name}";

    /// <summary>Asks whether to lock.</summary>
    public static IReadOnlyList<string> LockFacts(string name, bool isSelf) =>
    [
        $"{(isSelf ? "You are" : $"{name} is")} signed out everywhere within seconds, and can't sign in until an admin unlocks the account.",
        "API keys of the account stop working until then.",
        "Runs in progress continue.",
    ];

    /// <summary>Asks whether to delete.</summary>
    public static IReadOnlyList<string> DeleteFacts(string name, bool isSelf) =>
    [
        $"{(isSelf ? "You are" : $"{name} is")} signed out within seconds. The account and its API keys are gone for good.",
        "Conversations, runs and files stay as the record of what was done. Delete them first if they must go.",
        "The list of changes stays, with the name.",
    ];

    /// <summary>Asks whether to delete all conversations of a person.</summary>
    public static IReadOnlyList<string> EraseFacts(string name) =>
    [
        $"All conversations of {name} are deleted for good, here and at the model provider. Runs in progress are stopped.",
        $"Comments that {name} wrote on runs of others are deleted at once.",
        "What is under a legal hold stays.",
        "Each has a deletion record under Data deletion.",
    ];

    private static string Comments(int count) => count == 1 ? "1 comment" : $"{count.ToString(CultureInfo.InvariantCulture)} comments";

    /// <summary>What came of deleting a person's conversations.</summary>
    public static string Erasing(int requested, int held) => (requested, held) switch
    {
        (0, 0) => "There is nothing to delete.",
        (_, 0) => $"{Conversations(requested)} being deleted.",
        (0, _) => $"Nothing is deleted: {Conversations(held)} under a legal hold.",
        _ => $"{Conversations(requested)} being deleted. {Conversations(held)} under a legal hold and stay.",
    };

    /// <summary>The same with their comments on runs of others.</summary>
    public static string Erasing(PersonErasureResult result) => string.Join(
        ' ',
        ((string?[])
        [
            result is { Requested: 0, Held: 0 } && result.Comments + result.HeldComments > 0 ? null : Erasing(result.Requested, result.Held),
            result.Comments > 0 ? $"{Comments(result.Comments)} on runs of others deleted." : null,
            result.HeldComments > 0 ? $"Not deleted because of a legal hold: {Comments(result.HeldComments)} on runs of others." : null,
        ]).OfType<string>());

    private static string Conversations(int count) => count == 1 ? "1 conversation is" : $"{count} conversations are";

    /// <summary>Asks whether to end all sign-ins.</summary>
    public static string SignOutDetails(string name, bool isSelf) =>
        isSelf ? "All your pages close within seconds, this one too. Your API keys keep working." : $"All pages of {name} close within seconds. {name} can sign in again, and API keys keep working.";

    /// <summary>Asks whether to revoke a key.</summary>
    public static string RevokeDetails(string name) => $"Whatever uses “{name}” is refused from now on. This can't be taken back.";

    /// <summary>Done, with the person's name.</summary>
    public static string Locked(string name) => $"{name} was locked.";

    /// <inheritdoc cref="Locked"/>
    public static string Unlocked(string name) => $"{name} can sign in again.";

    /// <inheritdoc cref="Locked"/>
    public static string Deleted(string name) => $"{name} was deleted.";

    /// <inheritdoc cref="Locked"/>
    public static string SignedOutEverywhere(string name) => $"{name} was signed out everywhere.";

    /// <inheritdoc cref="Locked"/>
    public static string Changed(string name) => $"{name} was changed.";

    /// <summary>A sign-in in the list.</summary>
    public static string SignIn(SignInInfo signIn, TimeZoneInfo zone) =>
        $"{signIn.Address ?? "Unknown address"}. Since {Moment(signIn.CreatedAt, zone)}, last used {Moment(signIn.LastSeenAt, zone)}";

    /// <summary>A browser in a few words, from what it calls itself.</summary>
    public static string Browser(string? agent)
    {
        if (agent is null)
        {
            return UnknownBrowser;
        }

        var browser = ((string, string)[])[("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];
        var system = ((string, string)[])[("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux")];
        var names = ((string?[])[Find(browser), Find(system)]).OfType<string>().ToList();
        return names.Count > 0 ? string.Join(" on ", names) : UnknownBrowser;

        string? Find((string Mark, string Name)[] marks) =>
            marks.Where(one => agent.Contains(one.Mark, StringComparison.Ordinal)).Select(one => one.Name).FirstOrDefault();
    }

    /// <summary>A key's scopes in the list.</summary>
    public static string ScopeList(IReadOnlyList<string> scopes) => scopes.Count == ApiScopes.All.Count ? "Everything" : string.Join(", ", scopes);

    /// <summary>A line of the audit.</summary>
    public static string Audit(AuditEntry entry) => entry.Action switch
    {
        AuditAction.Invited => $"{entry.UserName} was invited as {entry.After}",
        AuditAction.InvitationWithdrawn => $"The invitation of {entry.UserName} was withdrawn",
        AuditAction.Joined => $"{entry.UserName} accepted the invitation as {entry.After}",
        AuditAction.Created => $"{entry.UserName} was created as {entry.After}",
        AuditAction.RoleChanged => $"{entry.UserName}: role {entry.Before} became {entry.After}",
        AuditAction.TeamChanged => $"{entry.UserName}: team {entry.Before} became {entry.After}",
        AuditAction.Locked => $"{entry.UserName} was locked",
        AuditAction.Unlocked => $"{entry.UserName} was unlocked",
        AuditAction.PasswordSet => $"{entry.UserName} was given a new password",
        AuditAction.Deleted => $"{entry.UserName} ({entry.Before}) was deleted",
        AuditAction.SignedOut => $"{entry.UserName} was signed out everywhere",
        AuditAction.SignInEnded => $"A sign-in of {entry.UserName} was ended ({entry.Before})",
        AuditAction.KeyCreated => $"API key “{entry.After}” of {entry.UserName} was created",
        AuditAction.KeyRevoked => $"API key “{entry.Before}” of {entry.UserName} was revoked",
        AuditAction.PermissionGiven => $"Standing decision for runs of {entry.UserName}: {entry.After}",
        AuditAction.PermissionRevoked => $"Standing decision for runs of {entry.UserName} was revoked: {entry.Before}",
        AuditAction.LeverSet => $"Incident: {entry.UserName} was set ({entry.After})",
        AuditAction.LeverUndone => $"Incident: {entry.UserName} was undone ({entry.Before})",
        AuditAction.RuleCreated => $"Rule “{entry.UserName}” was written: {entry.After}",
        AuditAction.RuleChanged => $"Rule “{entry.UserName}” was changed: {entry.Before} became {entry.After}",
        AuditAction.RuleRemoved => $"Rule “{entry.UserName}” was removed: {entry.Before}",
        AuditAction.RunsStopped => $"Incident: {entry.UserName} stopped at once ({entry.After})",
        _ => $"{entry.UserName}: {entry.Action}",
    };

    /// <summary>Who did it, and from where.</summary>
    public static string AuditBy(AuditEntry entry, TimeZoneInfo zone) => $"{Moment(entry.At, zone)} by {entry.ActorName}, {entry.Origin}";
}
