using System.Globalization;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Supervision;
using Copilot.Web.Components.Timeline.Shared;
using Copilot.Web.Runs.Supervising;
using Copilot.Web.Supervision;

namespace Copilot.Web.Components.Live;

/// <summary>What the live wall says.</summary>
internal static class LiveText
{
    public const string Live = "Live";
    public const string List = "Live runs";
    public const string Loading = "Loading the live runs";
    public const string DeniedTitle = "Supervisors only";
    public const string Denied = "Only supervisors and admins see the runs of others. Ask an admin if you need to.";
    public const string EndedTitle = "Your access has changed";
    public const string Ended = "You may no longer see these runs here. They continue. Reload the page if you have been given another role.";
    public const string FailedTitle = "The live runs couldn't be loaded";
    public const string Failed = "Everything is saved and the runs continue. Reload the page to try again.";
    public const string Reload = "Reload";
    public const string GoToConversations = "Go to your conversations";
    public const string EmptyTitle = "Nothing is running";
    public const string Empty = "As soon as somebody on your team asks something, their run appears here and stays until a minute after its end.";
    public const string NothingFound = "No live run matches the filter.";
    public const string ClearFilter = "Clear the filter";
    public const string Pinned = "Pinned";
    public const string New = "New";
    public const string Pin = "Pin";
    public const string Unpin = "Unpin";
    public const string Peek = "Peek";
    public const string PeekTitle = "Peek (Space)";
    public const string PinTitle = "Pin (p)";
    public const string Silent = "silent";

    // On the chat's start page.
    public const string CardOpen = "Watch the runs";
    public const string CardNone = "No run needs a person now";

    // Totals.
    public const string Totals = "Totals";
    public const string Working = "Working";
    public const string Waiting = "Need a person";
    public const string OldestWait = "Longest wait";
    public const string InTrouble = "In trouble";
    public const string TokensPerSecond = "Tokens/s";
    public const string Provider = "Provider";
    public const string ProviderFine = "Connected";
    public const string ProviderByHttp = "By HTTP only";
    public const string NoWait = "none";

    // The filter.
    public const string Filter = "Filter the live runs";
    public const string Search = "Search live runs";
    public const string AddFilter = "Filter";
    public const string Field = "What to filter by";
    public const string Is = "Is or is not";
    public const string Value = "Value";
    public const string Add = "Add";
    public const string Cancel = "Cancel";
    public const string Turn = "Switch between is and is not";

    // The panel, the switches.
    public const string ClosePeek = "Close the panel";
    public const string LoadingPeek = "Loading the run";
    public const string PeekFailed = "This run couldn't be loaded. It continues.";
    public const string Arguments = "Arguments";
    public const string Attach = "Open the run";
    public const string Claim = "Claim";
    public const string Release = "Release";
    public const string Announcements = "Announcements";
    public const string AnnouncementsDetails = "Tell me when a run needs somebody";
    public const string Wallboard = "Wallboard";

    // Keys.
    public const string Keys = "On the live wall";
    public const string KeyMove = "Next and previous run";
    public const string KeyOpen = "Open the run";
    public const string KeyPeek = "Show the run beside the list, or hide it";
    public const string KeyApprove = "Approve or deny the call that waits";
    public const string KeySay = "Say something to the agent";
    public const string KeyPin = "Pin";
    public const string KeyClaim = "Claim or release";
    public const string KeyOrder = "Update the order";
    public const string KeySearch = "Search";

    /// <summary>The heading of a section.</summary>
    public static string Heading(AttentionGroup group) => group switch
    {
        AttentionGroup.NeedsPerson => "Needs a person",
        AttentionGroup.InTrouble => "In trouble",
        AttentionGroup.Working => "Working",
        AttentionGroup.Queued => "Queued",
        _ => "Just ended",
    };

    /// <summary>The tab's title: how many need a person.</summary>
    public static string Title(int waiting) => waiting == 0 ? Live : string.Create(CultureInfo.InvariantCulture, $"({waiting}) {Live}");

    /// <summary>The order has changed under the pointer.</summary>
    public static string Moves(int count) => count == 1 ? "1 change · Update order" : string.Create(CultureInfo.InvariantCulture, $"{count:N0} changes · Update order");

    /// <summary>How a run stands, in a few words.</summary>
    public static string Status(LiveRow row, TimelineNames names) => row switch
    {
        { Run.Status: RunStatus.Completed, Run.IncompleteReason: not null } => "Ended early",
        { Run.Status: RunStatus.Completed } => "Completed",
        { Run.Status: RunStatus.Failed } => "Failed",
        { Run.Status: RunStatus.Cancelled } => "Stopped",
        { Run.Status: RunStatus.Queued } => "Queued",
        { Run.TakeOver: not null } => "Taken over",
        { Run.Pause: not null } => "Paused",
        { Assessment: { Group: not AttentionGroup.Working, Signs: [var first, ..] } } => Sign(first, names),
        _ => "Working",
    };

    /// <summary>A sign in a few words.</summary>
    public static string Sign(RunSign sign, TimelineNames names) => sign.Kind switch
    {
        SignKind.ApprovalWaiting => $"Waits for approval: {Tool(sign, names)}",
        SignKind.QuestionWaiting => "Has asked a question",
        SignKind.HelpRequested => "Help asked for",
        SignKind.BudgetReached => "Waits for a higher budget",
        SignKind.OutcomeUnknown => $"Outcome unknown: {Tool(sign, names)}",
        SignKind.Interrupted => "Interrupted",
        SignKind.Waiting => "Waits for a person",
        SignKind.RuleFired => sign.Count is > 1 and var times
            ? string.Create(CultureInfo.InvariantCulture, $"Rule “{sign.Subject}”, {times} times")
            : $"Rule “{sign.Subject}”",
        SignKind.ToolOverdue => $"Overdue: {Tool(sign, names)}",
        SignKind.ToolSlow => $"Slow: {Tool(sign, names)}",
        SignKind.Silent => "Silent",
        SignKind.Retrying => sign.Count is > 1 and var count ? string.Create(CultureInfo.InvariantCulture, $"Retrying, {count} times") : "Retrying",
        SignKind.RepeatedCall => string.Create(CultureInfo.InvariantCulture, $"Same call {sign.Count} times: {Tool(sign, names)}"),
        SignKind.Growing => "Text grows without end",
        SignKind.BudgetNearlyUsed => $"{Percent(sign)} of the budget used",
        SignKind.ContextNearlyFull => $"{Percent(sign)} of the context used",
        SignKind.ToolFailed => $"Failed or denied: {Tool(sign, names)}",
        _ => "HTTP instead of WebSocket",
    };

    /// <summary>A kind of sign, for switches and filters.</summary>
    public static string Kind(SignKind kind) => kind switch
    {
        SignKind.ApprovalWaiting => "Approvals",
        SignKind.QuestionWaiting => "Questions",
        SignKind.HelpRequested => "Requests for help",
        SignKind.BudgetReached => "Budgets reached",
        SignKind.OutcomeUnknown => "Unknown outcomes",
        SignKind.Interrupted => "Interrupted runs",
        SignKind.Waiting => "Other waits",
        SignKind.RuleFired => "Rules",
        SignKind.ToolOverdue => "Overdue tools",
        SignKind.ToolSlow => "Slow tools",
        SignKind.Silent => "Silence",
        SignKind.Retrying => "Retries",
        SignKind.RepeatedCall => "Repeated calls",
        SignKind.Growing => "Endless text",
        SignKind.BudgetNearlyUsed => "Budgets nearly used",
        SignKind.ContextNearlyFull => "Contexts nearly full",
        SignKind.ToolFailed => "Failed or denied tools",
        _ => "HTTP instead of WebSocket",
    };

    /// <summary>Tells that a run needs somebody, for screen readers.</summary>
    public static string NeedsPerson(LiveRow row, TimelineNames names) => $"{row.PersonName}: {Status(row, names)}";

    /// <summary>What a key cannot do about a run now.</summary>
    public static string NotNow(RunVerb verb) =>
        verb is RunVerb.Say ? "This run doesn't take a message now." : "No call of this run waits for a decision.";

    /// <summary>The transport, and why it is that one.</summary>
    public static string Transport(TransportKind kind, string? reason) =>
        (kind is TransportKind.WebSocket ? "WebSocket" : "HTTP") + (reason is null ? "" : $" ({reason})");

    /// <summary>Tokens of a run.</summary>
    public static string Tokens(long count) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} tokens");

    /// <summary>How full the model's context is.</summary>
    public static string Context(double share) => string.Create(CultureInfo.InvariantCulture, $"context {Math.Floor(share * 100):0} %");

    /// <summary>What the person asked, where nothing better is known.</summary>
    public static string Asked(string question) => $"Asked: {question}";

    /// <summary>What a filter looks at.</summary>
    public static string Name(LiveField field) => field switch
    {
        LiveField.Age => "Minutes since the start",
        LiveField.Cost => "Cost",
        _ => field.ToString(),
    };

    /// <summary>How a filter compares.</summary>
    public static string Relation(LiveField field, bool isNot) => field is LiveField.Age or LiveField.Cost
        ? (isNot ? "below" : "at least")
        : (isNot ? "is not" : "is");

    /// <summary>A condition in words.</summary>
    public static string Condition(LiveCondition condition) =>
        $"{Name(condition.Field)} {Relation(condition.Field, condition.IsNot)} {condition.Value.Replace('_', ' ')}";

    /// <summary>Takes a condition away.</summary>
    public static string Remove(LiveCondition condition) => $"Remove: {Condition(condition)}";

    /// <summary>The panel's name.</summary>
    public static string PeekOf(LiveRow row) => $"Run of {row.PersonName}";

    /// <summary>How many runs need a person, on the chat's start page.</summary>
    public static string Card(int count) => count switch
    {
        0 => CardNone,
        1 => "1 run needs a person",
        _ => string.Create(CultureInfo.InvariantCulture, $"{count:N0} runs need a person"),
    };

    /// <summary>Who looks.</summary>
    public static string Watching(IEnumerable<string> names) => "Watched by " + string.Join(", ", names);

    /// <summary>Who takes care.</summary>
    public static string Claimed(string name) => $"{name} has it";

    /// <summary>A button for one of many runs.</summary>
    public static string About(string verb, LiveRow row) => $"{verb}: {row.PersonName}, {row.Run.AgentName}";

    private static string Tool(RunSign sign, TimelineNames names) => names.Tool(sign.Subject ?? "");

    private static string Percent(RunSign sign) => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor((sign.Share ?? 0) * 100):0} %");
}
