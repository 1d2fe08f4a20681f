using Copilot.Web.Runs.Grants;

namespace Copilot.Web.Components.Access.Permissions;

/// <summary>Texts of the page for standing permissions.</summary>
internal static class PermissionText
{
    public const string Title = "Standing permissions";
    public const string Details = "Actions that agents carry out without asking each time, or not at all, because somebody decided so for a while.";
    public const string NoneTitle = "No standing permissions";
    public const string None = "When an agent asks for approval, you can choose “From now on…” there.";
    public const string Loading = "Loading standing permissions";
    public const string NotLoadedTitle = "Standing permissions couldn't be loaded";
    public const string NotLoaded = "They count as before. You can try again.";
    public const string AlwaysAllowed = "Always allowed";
    public const string NeverAllowed = "Never allowed";
    public const string RevokeTitle = "Revoke this decision?";
    public const string Revoked = "Revoked. The agent asks again the next time.";

    /// <summary>Asks whether to revoke one.</summary>
    public static string RevokeDetails(string tool) => $"The agent asks again when it wants to call “{tool}” next. What is under way is finished.";

    /// <summary>What is decided about an action.</summary>
    public static string Decision(GrantInfo grant) => grant.Denies ? NeverAllowed : AlwaysAllowed;

    /// <summary>Where it counts, and for whom.</summary>
    /// <param name="grant">The permission.</param>
    /// <param name="readerId">Who reads.</param>
    public static string Where(GrantInfo grant, string readerId)
    {
        var whose = grant.OwnerId == readerId ? "your" : $"{grant.OwnerName}'s";
        return grant.Scope is GrantScope.Session
            ? $"In {whose} conversation{(grant.ScopeName.Length > 0 ? $" “{grant.ScopeName}”" : "")}"
            : $"In all of {whose} conversations with {(grant.ScopeName.Length > 0 ? grant.ScopeName : "this agent")}";
    }

    /// <summary>Until when, and who gave it.</summary>
    public static string Until(GrantInfo grant, string readerId, TimeZoneInfo zone) =>
        $"Until {AccessText.Moment(grant.ExpiresAt, zone)}, decided by {(grant.GivenById == readerId ? "you" : grant.GivenByName)}";
}
