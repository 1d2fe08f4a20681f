using Copilot.Web.Components.Access;
using Copilot.Web.Components.Admin;
using Copilot.Web.Components.Alerts;
using Copilot.Web.Components.Audit;
using Copilot.Web.Components.Find;
using Copilot.Web.Components.Help;
using Copilot.Web.Components.Incident;
using Copilot.Web.Components.Layout;
using Copilot.Web.Components.Live;
using Copilot.Web.Components.Mentions;
using Copilot.Web.Components.Rules;
using Copilot.Web.Identity;

namespace Copilot.Web.Components.Navigation;

/// <summary>Every page that the shell leads to. A new page is one line here; the navigation, the palette and the breadcrumbs follow.</summary>
internal static class NavigationItems
{
    /// <summary>Where alerts are; the navigation shows their number there.</summary>
    public const string AlertsAddress = "/live/alerts";

    /// <summary>Where requests for help are; the navigation shows their number there.</summary>
    public const string HelpAddress = "/live/help";

    /// <summary>Where mentions are; the navigation shows how many were not read there.</summary>
    public const string MentionsAddress = "/mentions";

    private const string Admin = ShellText.Admin;

    /// <summary>All of them, in the order in which they are shown.</summary>
    public static IReadOnlyList<NavigationItem> All { get; } =
    [
        new(ShellText.Chat, "/", "chat", Section: null, Roles: []),
        new(LiveText.Live, "/live", "live", Section: null, Roles: [Roles.Supervisor, Roles.Admin]),
        new(AlertText.Alerts, AlertsAddress, "bell", Section: null, Roles: [Roles.Supervisor, Roles.Admin]),
        new(HelpText.Inbox, HelpAddress, "help", Section: null, Roles: [Roles.Supervisor, Roles.Admin]),
        new(RulesText.Rules, "/live/rules", "shield", Section: null, Roles: [Roles.Supervisor, Roles.Admin]),
        new(IncidentText.Incident, "/live/incident", "alert", Section: null, Roles: [Roles.Supervisor, Roles.Admin]),
        new(FindText.Runs, "/runs", "list", Section: null, Roles: []),
        new(MentionsText.Mentions, MentionsAddress, "at", Section: null, Roles: []),
        new(AccessText.People, "/admin/people", "people", Admin, Roles: [Roles.Admin]),
        new(RetentionText.Title, "/admin/retention", "clock", Admin, Roles: [Roles.Admin]),
        new(ErasureText.Title, "/admin/forgetting", "trash", Admin, Roles: [Roles.Admin]),
        new(AuditPageText.Title, "/admin/audit", "check", Admin, Roles: [Roles.Admin]),
    ];

    /// <summary>Those that a person with this role is led to.</summary>
    public static IReadOnlyList<NavigationItem> For(string role) => [.. All.Where(item => item.Roles.Count == 0 || item.Roles.Contains(role))];

    /// <summary>The page at an address, or null: of a page and one below it, the one below.</summary>
    /// <param name="path">Path from the root, without its query.</param>
    public static NavigationItem? At(string path) => All.Where(item => item.Contains(path)).MaxBy(item => item.Address.Length);
}
