using System.Globalization;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.State;

namespace Copilot.Web.Components.Timeline.Shared;

/// <summary>What the timeline says of a call: its parts, its state, and what came of asking a person.</summary>
internal static class ToolCallText
{
    // Approval.
    public const string ApprovalLabel = "Approval";
    public const string NeedsApproval = "needs approval";
    public const string Approved = "approved";
    public const string ApprovedWithChanges = "approved with changes";
    public const string Asked = "Requested";
    public const string Expires = "Expires";
    public const string DecidedAfter = "Decided after";
    public const string Reason = "Reason";

    // A tool call.
    public const string Arguments = "Arguments";
    public const string Input = "Input";
    public const string Progress = "Progress";
    public const string Result = "Result";
    public const string SentToModel = "Sent to the model";
    public const string Tool = "Tool";
    public const string Outcome = "Outcome";
    public const string Deadline = "Deadline";
    public const string Started = "Started";
    public const string Effects = "Effects";
    public const string ReadsOnly = "reads only";
    public const string ChangesData = "changes data";
    public const string Call = "Call";
    public const string UnnamedTool = "tool";

    /// <summary>A call's state in a word.</summary>
    public static string State(ToolCallState state) => state switch
    {
        ToolCallState.Arguments => "writing arguments",
        ToolCallState.Requested => "waiting to start",
        ToolCallState.Running => "running",
        ToolCallState.Completed => "done",
        ToolCallState.Failed => "failed",
        ToolCallState.TimedOut => "timed out",
        ToolCallState.Denied => "not allowed",
        ToolCallState.Cancelled => "cancelled",
        _ => "outcome unknown",
    };

    /// <summary>What came of asking a person.</summary>
    /// <param name="step">Where it is.</param>
    /// <param name="names">What people are called, or null for their roles.</param>
    /// <param name="zone">The reader's time zone, where there is room for a date.</param>
    public static string Approval(ApprovalStep? step, TimelineNames? names = null, TimeZoneInfo? zone = null) => step switch
    {
        null => "",
        { State: ApprovalState.Approved, GrantedUntil: { } until, Actor: { } giver } =>
            $"allowed by {(names ?? TimelineNames.None).Of(giver)}'s standing permission{(zone is null ? "" : $" until {Day(until, zone)}")}",
        { State: ApprovalState.Waiting } => NeedsApproval,
        { State: ApprovalState.Approved } => $"{(step.Arguments is null ? Approved : ApprovedWithChanges)}{By(step.Actor, names)}",
        { State: ApprovalState.Denied, GrantedUntil: { } until, Actor: { } giver } =>
            $"ruled out by {(names ?? TimelineNames.None).Of(giver)}{(zone is null ? "" : $" until {Day(until, zone)}")}",
        { State: ApprovalState.Denied } => $"denied{By(step.Actor, names)}",
        { State: ApprovalState.Expired } => "expired without a decision",
        _ => "the run ended before a decision",
    };

    /// <summary>What came of a question that nobody answered.</summary>
    public static string Unanswered(QuestionState state) =>
        state is QuestionState.Expired ? "Nobody answered in time." : "Not answered: the question was withdrawn.";

    /// <summary>A tool call as a screen reader hears it.</summary>
    public static string ToolLabel(string name, string state) => $"Tool {name}, {state}";

    /// <summary>What a person changed in a call.</summary>
    public static string Edited(string what) => $"Edited {what.ToLowerInvariant()}";

    /// <summary>What the model had asked for before that.</summary>
    public static string Original(string what) => $"Original {what.ToLowerInvariant()} (not used)";

    private static string By(EventActor? actor, TimelineNames? names) => actor is null ? "" : $" {TimelineText.ByActor(actor, names)}";

    private static string Day(DateTimeOffset at, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(at, zone).ToString("d MMM yyyy, HH:mm", CultureInfo.InvariantCulture);
}
