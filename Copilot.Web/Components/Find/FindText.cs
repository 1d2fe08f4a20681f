using System.Globalization;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Supervision;
using Copilot.Web.Components.Live;
using Copilot.Web.Components.RunScreen;
using Copilot.Web.Components.Timeline.Shared;
using Copilot.Web.Storage.Search;

namespace Copilot.Web.Components.Find;

/// <summary>What the page of runs says.</summary>
internal static class FindText
{
    public const string Runs = "Runs";
    public const string Search = "Search runs";
    public const string Filter = "Filter runs";
    public const string Loading = "Loading the runs";
    public const string Reading = "Searching…";
    public const string DeniedTitle = "You can't see runs";
    public const string Denied = "Your access has changed. The runs are not affected.";
    public const string FailedTitle = "The runs couldn't be loaded";
    public const string Failed = "Everything is saved. You can try again.";
    public const string MoreFailed = "More runs couldn't be loaded. Everything is saved.";
    public const string SlowTitle = "The search took too long";
    public const string Slow = "It was stopped after a few seconds. Add a word or a filter, for example a date.";
    public const string EmptyTitle = "No runs yet";
    public const string Empty = "As soon as somebody asks something, the run appears here.";
    public const string NothingFound = "No run matches.";
    public const string ClearAll = "Clear search and filters";
    public const string ShowMore = "Show more";
    public const string Export = "Export CSV";
    public const string Columns = "Columns";
    public const string ColumnsDetails = "Columns of the list";
    public const string Question = "Question";
    public const string Views = "Views";
    public const string NoViews = "Save a list with its search, filters and order to come back to it.";
    public const string ViewName = "Name of the view";
    public const string SaveView = "Save view";
    public const string ViewSaved = "The view was saved.";
    public const string ViewNotSaved = "The view couldn't be saved. Names are unique and have up to 60 characters; you can have up to 50 views.";
    public const string ViewDeleted = "The view was deleted.";
    public const string Rename = "Rename";
    public const string Delete = "Delete";
    public const string Cancel = "Cancel";
    public const string ByRun = "Runs";
    public const string ByConversation = "Conversations";
    public const string Grouping = "Show";
    public const string NoQuestion = "Files without a message";
    public const string Erased = "Deleted";
    public const string Untitled = "Conversation";
    public const string None = "–";
    public const string Yes = "Yes";
    public const string No = "No";
    public const string Any = "Any";
    public const string Up = "Good";
    public const string Down = "Bad";
    public const string Newest = "Newest run";
    public const string Conversation = "Conversation";
    public const string Count = "Runs found";
    public const string AllOfThem = "Show its runs";
    public const string NotSeen = "Not seen yet";
    public const string Review = "Review";
    public const string ReviewTitle = "Open the first run in this list that you haven't seen";
    public const string AllSeen = "You have seen every run in this list.";
    public const string Keys = "On the page of runs";
    public const string KeyMove = "Next and previous run";
    public const string KeyOpen = "Open the run";
    public const string KeySearch = "Search";

    /// <summary>Chooses a run to be compared.</summary>
    public static string Choose(string title) => $"Choose to compare: {title}";

    /// <summary>How many runs there are.</summary>
    public static string Found(int count, bool isMore) =>
        count == 1 ? "1 run" : string.Create(CultureInfo.InvariantCulture, $"{(isMore ? "More than " : "")}{count:N0} runs");

    /// <summary>The search does not know everything yet.</summary>
    public static string Pending(int count) => count == 1
        ? "1 run is still being indexed. The search finds it in a moment."
        : string.Create(CultureInfo.InvariantCulture, $"{count:N0} runs are still being indexed, the newest first. The search doesn't find all of them yet.");

    /// <summary>A column's heading.</summary>
    public static string Name(FindColumn column) => column switch
    {
        FindColumn.Date => "Started",
        FindColumn.Tools => "Tools",
        FindColumn.Transport => "Connection",
        FindColumn.Intervention => "Intervention",
        _ => column.ToString(),
    };

    /// <summary>What a filter looks at.</summary>
    public static string Name(RunField field) => field switch
    {
        RunField.Date => "Started",
        RunField.Duration => "Duration in seconds",
        RunField.Transport => "Connection",
        RunField.Thumbs => "Rating",
        RunField.Seen => "Seen by you",
        RunField.Session => "Conversation",
        _ => field.ToString(),
    };

    /// <summary>How a filter compares.</summary>
    public static string Relation(RunField field, bool isNot) => field switch
    {
        RunField.Date => isNot ? "before" : "from",
        _ when RunCondition.IsMeasured(field) => isNot ? "below" : "at least",
        _ => isNot ? "is not" : "is",
    };

    /// <summary>A value of a filter in words.</summary>
    public static string Value(RunField field, string value) => field switch
    {
        _ when value == RunCondition.Any => Any,
        RunField.State when Enum.GetValues<RunStatus>().Where(status => status.ToWire() == value).ToArray() is [var status] => Status(status),
        RunField.Alert when Enum.GetValues<SignKind>().Where(kind => kind.ToWire() == value).ToArray() is [var kind] => LiveText.Kind(kind),
        RunField.Transport => value switch { "websocket" => "WebSocket", "http" => "HTTP", _ => value },
        RunField.Intervention or RunField.Seen => value == "yes" ? Yes : No,
        RunField.Thumbs => value == "up" ? Up : Down,
        _ => value,
    };

    /// <summary>A condition in words.</summary>
    public static string Condition(RunCondition condition) =>
        $"{Name(condition.Field)} {Relation(condition.Field, condition.IsNot)} {Value(condition.Field, condition.Value)}";

    /// <summary>Takes a condition away.</summary>
    public static string Remove(RunCondition condition) => $"Remove: {Condition(condition)}";

    /// <summary>A button about one of several views.</summary>
    public static string About(string verb, string name) => $"{verb}: {name}";

    /// <summary>How a run stands, in the words of its own page.</summary>
    public static string Status(RunStatus status) => RunScreenText.Status(status);

    /// <summary>How long a run took.</summary>
    public static string Duration(TimeSpan duration) => duration switch
    {
        { TotalSeconds: < 10 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, duration.TotalSeconds):0.0} s"),
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0} s"),
        { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)duration.TotalMinutes} m {duration.Seconds:00} s"),
        { TotalDays: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)duration.TotalHours} h {duration.Minutes:00} m"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)duration.TotalDays} d {duration.Hours} h"),
    };

    /// <summary>What a run cost, as people read it.</summary>
    public static string Cost(FoundRun run) => run.CostMicros == 0 && run.IsCostPartial ? None : CostText.Rounded(run.CostMicros, run.Currency, run.IsCostPartial);

    /// <summary>What a run cost to the last digit, which tells apart what is rounded to the same.</summary>
    public static string CostInFull(FoundRun run) => CostText.Of(run.CostMicros, run.Currency, run.IsCostPartial);

    /// <summary>A moment.</summary>
    public static string Moment(DateTimeOffset at, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(at, zone).ToString("d MMM yyyy, HH:mm", CultureInfo.InvariantCulture);

    /// <summary>In how many places of a run something was found.</summary>
    public static string Places(int count) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} places");

    /// <summary>Sorts by a column.</summary>
    public static string SortBy(string column) => $"Sort by {column}";
}
