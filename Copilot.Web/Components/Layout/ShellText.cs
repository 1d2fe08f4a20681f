using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Summaries;

namespace Copilot.Web.Components.Layout;

/// <summary>What stands around the pages: top bar, sidebar, menus, and the pages for errors.</summary>
internal static class ShellText
{
    public const string Product = "Copilot";
    public const string Loading = "Loading";
    public const string SkipToContent = "Skip to the conversation";
    public const string TryAgain = "Try again";
    public const string Cancel = "Cancel";
    public const string GoToConversations = "Go to your conversations";

    // The sidebar.
    public const string History = "History";
    public const string OpenHistory = "Open history";
    public const string CloseHistory = "Close history";
    public const string Search = "Search";
    public const string SearchConversations = "Search conversations";
    public const string Conversations = "Conversations";
    public const string LoadingConversations = "Loading conversations";
    public const string ConversationsNotLoaded = "Your conversations couldn't be loaded. Everything is saved.";
    public const string NothingFound = "No conversations found.";
    public const string NoWords = "The search looks for letters and digits. Emoji and signs alone find nothing.";
    public const string NoConversations = "Your conversations will appear here.";
    public const string ShowOlder = "Show older";
    public const string ClearSearch = "Clear search";
    public const string Results = "Results";
    public const string Pinned = "Pinned";
    public const string Pin = "Pin";
    public const string Unpin = "Unpin";
    public const string Archive = "Archive";
    public const string Unarchive = "Move out of the archive";
    public const string Archived = "Archived. Search still finds it.";
    public const string Unarchived = "Back in your conversations.";
    public const string ShowArchive = "Archive";
    public const string LeaveArchive = "Back to your conversations";
    public const string NothingArchived = "Nothing is archived.";
    public const string Unread = "New answer";
    public const string Failed = "Failed";
    public const string Interrupted = "Interrupted";
    public const string Rename = "Rename";
    public const string RenameConversation = "Rename conversation";
    public const string Renamed = "The conversation was renamed.";
    public const string TitleField = "Title";

    // The top bar.
    public const string ChangeTheme = "Change theme";
    public const string ThemeTitle = "Theme: system, light, dark";
    public const string ThemeIsSystem = "(now the system's)";
    public const string ThemeIsLight = "(now light)";
    public const string ThemeIsDark = "(now dark)";
    public const string HistoryTitle = "Show or hide history";
    public const string SignOut = "Sign out";
    public const string KeyboardHelp = "Keyboard help";
    public const string Keyboard = "Keyboard";
    public const string Close = "Close";
    public const string Main = "Main";
    public const string Breadcrumb = "Breadcrumb";
    public const string Chat = "Chat";
    public const string Admin = "Admin";

    // The command palette.
    public const string Palette = "Search and commands";
    public const string PaletteTitle = "Search and commands (Ctrl+K)";
    public const string PalettePlaceholder = "Go to, search, or do";
    public const string PaletteResults = "Results";
    public const string PaletteFailed = "Your conversations couldn't be searched. Everything is saved.";
    public const string PaletteEmpty = "Nothing found. Try another word.";
    public const string GoTo = "Go to";
    public const string Actions = "Actions";
    public const string NewConversation = "New conversation";
    public const string LightTheme = "Use the light theme";
    public const string DarkTheme = "Use the dark theme";
    public const string SystemTheme = "Use the system's theme";
    public const string LongPolling = "Long polling";
    public const string LongPollingTitle = "Your network blocks WebSockets. Everything works, but updates may arrive a little later.";
    public const string HttpBadge = "HTTP";
    public const string HttpBadgeRest = "instead of WebSocket";
    public const string Demo = "Demo";
    public const string DemoRest = "model";
    public const string DemoTitle = "Answers come from the built-in demo model. Set Upstream:BaseUrl or an API key to use a real one.";

    // The browser's connection.
    public const string ConnectionLost = "Connection lost. Reconnecting… What you see here may be out of date.";
    public const string Reloading = "Reconnected. Reloading the conversation…";
    public const string ServerUnreachable = "The server can't be reached. Trying again… If it's still running, so are your runs. What is saved stays saved.";
    public const string PressedOffline = "Nothing you press now is done on the server. Press it again once the connection is back.";
    public const string RetryNow = "Retry now";
    public const string Paused = "This page was paused. Everything is saved.";
    public const string Continue = "Continue";
    public const string PageBroke = "Something went wrong on this page. Your runs continue; reload the page to see them.";
    public const string Reload = "Reload";
    public const string CloseNotice = "Close notice";

    // Pages for errors.
    public const string ErrorTitle = "Something went wrong";
    public const string ErrorDetails = "Everything on screen is saved, and runs in progress continue. You can try again.";
    public const string ErrorTrace = "If it happens again, tell support this number:";
    public const string NotFoundTitle = "Page not found";
    public const string NotFoundDetails = "The address may be mistyped, or the page may have been removed.";

    /// <summary>What a tab is called.</summary>
    public static string PageTitle(string title) => $"{title} · {Product}";

    /// <summary>The menu of a conversation.</summary>
    public static string Options(string title) => $"Options for {title}";

    /// <summary>The menu of the person who is signed in.</summary>
    public static string Account(string name) => $"Account: {name}";

    /// <summary>The heading over conversations that wait for a person.</summary>
    public static string Waiting(int count) => $"{Live(RunStatus.Waiting)} ({count})";

    /// <summary>What a conversation's unfinished run does.</summary>
    public static string Live(RunStatus status) => status switch
    {
        RunStatus.Queued => "Queued",
        RunStatus.Waiting => "Needs a decision",
        _ => "Running",
    };

    /// <summary>Why runs use HTTP, and when a WebSocket is tried again; null while one is being tried.</summary>
    public static string HttpDetails(string since, string reason, string? nextTry) =>
        $"Runs have used HTTP since {since} because {reason}. "
        + (nextTry is null ? "A WebSocket is being tried now." : $"The first run after {nextTry} tries a WebSocket again.");
}
