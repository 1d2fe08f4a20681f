using System.Globalization;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Components.Layout;
using Copilot.Web.Components.RunScreen.Comments;

namespace Copilot.Web.Components.RunScreen;

/// <summary>What the screen of one run says.</summary>
internal static class RunScreenText
{
    public const string Loading = "Loading the run";
    public const string AccessEndedTitle = "You can't see this run any more";
    public const string AccessEnded = "Your access has changed. The run is not affected.";
    public const string FailedTitle = "This run couldn't be loaded";
    public const string Failed = "Nothing is lost. You can try again.";
    public const string SomebodyElse = "Somebody";
    public const string NoQuestion = "Files without a message";
    public const string OpenConversation = "Open conversation";
    public const string OpenRun = "Open run";
    public const string Parts = "Parts of the run";

    // The head.
    public const string Figures = "Figures";
    public const string Started = "Started";
    public const string Duration = "Duration";
    public const string Connection = "Connection";
    public const string Tokens = "Tokens";
    public const string Cost = "Cost";
    public const string Context = "Context";
    public const string Trace = "Trace";
    public const string CopyTrace = "Copy trace id";
    public const string None = "–";

    // The parts.
    public const string Conversation = "Conversation";
    public const string Steps = "Steps";
    public const string Lanes = "Lanes";
    public const string Events = "Events";

    // The playhead.
    public const string Playhead = "Place in the run";
    public const string Live = "LIVE";
    public const string AtTheEnd = "END";
    public const string CatchUp = "Catch up at 1.5×";
    public const string PreviousStep = "One event back";
    public const string NextStep = "One event on";

    // The raw events.
    public const string Filter = "Filter events";
    public const string Source = "Source";
    public const string AnySource = "Any source";
    public const string NewestFirst = "Newest first";
    public const string ColumnSeq = "No.";
    public const string ColumnSince = "After";
    public const string ColumnSource = "From";
    public const string ColumnType = "Type";
    public const string ColumnSize = "Size";
    public const string ColumnPayload = "Payload";
    public const string NoEventsFound = "No event matches the filter.";
    public const string NoEvents = "Events will appear here as they are recorded.";
    public const string EventsNotLoaded = "The events couldn't be loaded. Nothing is lost.";
    public const string CloseEvent = "Close event";
    public const string CopyPayload = "Copy payload";
    public const string CopyLink = "Copy link to this event";
    public const string PayloadDeleted = "The payload was deleted.";
    public const string PayloadCut = "Only the beginning is shown.";
    public const string Response = "Response";
    public const string Call = "Call";
    public const string Resize = "Width of the conversation";
    public const string ResizeEvents = "Height of the events";

    private static readonly CultureInfo s_culture = CultureInfo.GetCultureInfo("en-GB");

    /// <summary>The page's title, with the run's state in front while it matters.</summary>
    public static string PageTitle(string? owner, RunStatus? status) => status switch
    {
        RunStatus.Running => $"● {Title(owner)} · {ShellText.Product}",
        RunStatus.Waiting => $"{Status(RunStatus.Waiting)} · {Title(owner)} · {ShellText.Product}",
        _ => ShellText.PageTitle(Title(owner)),
    };

    /// <summary>What the run is called where it stands beside others.</summary>
    public static string Title(string? owner) => owner is null ? "Run" : $"Run of {owner}";

    /// <summary>A status in a word or two.</summary>
    public static string Status(RunStatus status) => status switch
    {
        RunStatus.Queued => "Queued",
        RunStatus.Running => "Working",
        RunStatus.Waiting => "Needs a person",
        RunStatus.Completed => "Completed",
        RunStatus.Failed => "Failed",
        RunStatus.Cancelled => "Stopped",
        _ => "Interrupted",
    };

    /// <summary>A part of the screen by its name in the address.</summary>
    public static string Part(string part) => part switch
    {
        "steps" => Steps,
        "lanes" => Lanes,
        "events" => Events,
        "comments" => CommentsText.Comments,
        _ => Conversation,
    };

    /// <summary>Who else looks at the run.</summary>
    public static string Watching(IReadOnlyList<string> names) => names.Count == 1 ? $"{names[0]} is watching" : $"{string.Join(", ", names)} are watching";

    /// <summary>A moment on the viewer's clock.</summary>
    public static string Moment(DateTimeOffset at, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(at, zone).ToString("d MMM, HH:mm:ss", s_culture);

    /// <summary>Who caused an event, as a word.</summary>
    public static string SourceOf(EventSource source) => source switch
    {
        EventSource.Upstream => "Upstream",
        EventSource.Agent => "Agent",
        EventSource.User => "User",
        EventSource.Supervisor => "Supervisor",
        _ => "System",
    };

    /// <summary>How many events there are, and how many are shown.</summary>
    public static string EventCount(long shown, long all) => shown == all
        ? $"{all.ToString("N0", CultureInfo.InvariantCulture)} events"
        : $"{shown.ToString("N0", CultureInfo.InvariantCulture)} of {all.ToString("N0", CultureInfo.InvariantCulture)} events";

    /// <summary>Where the reader is.</summary>
    public static string Place(long seq, long head) => string.Create(CultureInfo.InvariantCulture, $"{seq:N0} / {head:N0}");

    /// <summary>An event by its number.</summary>
    public static string Event(long seq) => $"Event {seq.ToString(CultureInfo.InvariantCulture)}";
}
