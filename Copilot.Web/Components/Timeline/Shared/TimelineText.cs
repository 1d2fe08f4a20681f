using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.Queries;
using Copilot.Domain.Timeline.State;
using Copilot.Web.Files;

namespace Copilot.Web.Components.Timeline.Shared;

/// <summary>What the timeline says: the labels of its rows and their states.</summary>
internal static class TimelineText
{
    public const string Label = "Run timeline";
    public const string Answer = "Answer";
    public const string WritingAnswer = "Writing the answer";
    public const string Declined = "Declined";
    public const string ModelDeclined = "The model declined";
    public const string CutOff = "cut off";
    public const string AnswerCutOff = "The answer was cut off here.";
    public const string Sources = "Sources";
    public const string StructuredAnswer = "Structured answer";
    public const string Json = "JSON";
    public const string InvalidJson = "not valid JSON";
    public const string Copy = "Copy";
    public const string Copied = "Copied";
    public const string NotCopied = "Could not copy";
    public const string PlainText = "text";
    public const string WrapLines = "Wrap";
    public const string ShowLess = "Show less";
    public const string ShowAll = "Show all";
    public const string Thinking = "Thinking";
    public const string Thought = "Thought";
    public const string APage = "A page";
    public const string ASource = "A source";
    public const string AFile = "A file";
    public const string MadeByTheCode = "made by the code";
    public const string UnsafeAddress = "its address can't be opened safely";
    public const string OverHttp = "over HTTP";
    public const string Left = "left";
    public const string AskAdmin = "Ask an admin to check the settings.";
    public const string RecentSteps = "Last steps";
    public const string ShowTechnical = "Show technical details";
    public const string HideTechnical = "Hide technical details";
    public const string WaitingForDecision = "Waiting for a decision";
    public const string WaitingForAnswer = "Waiting for an answer";
    public const string TryingAgain = "Trying again:";
    public const string Paused = "Paused";
    public const string PersonAnswers = "A person answers in the agent's place";
    public const string SilentTooLong = "Nobody wrote for a while: the agent answers again";

    // Requests and connections.
    public const string Response = "Response";
    public const string Incremental = "incremental";
    public const string FullInput = "full input";
    public const string FirstEventAfter = "first event after";
    public const string IncompleteLabel = "incomplete:";
    public const string Connecting = "connecting";
    public const string Connected = "connected";
    public const string BeforeMessage = "before your message";
    public const string Lost = "lost";
    public const string NotOpened = "could not be opened";
    public const string Retrying = "Retrying";
    public const string UntypedEvent = "event without a type";

    // Compaction.
    public const string Compacting = "Compacting the conversation";
    public const string Compacted = "Conversation compacted";
    public const string NotCompacted = "The conversation couldn't be compacted";
    public const string Shortening = "Shortening the conversation";
    public const string Shortened = "Conversation shortened";

    // Budget.
    public const string BudgetRaised = "Budget raised";
    public const string BudgetUsedUp = "Budget used up";
    public const string BudgetAsks = "waiting for a decision";
    public const string BudgetStops = "the run stops";

    /// <summary>Why a response is incomplete that a message to the agent has ended; the run goes on.</summary>
    public const string SteeredReason = "steered";

    /// <summary>WebSocket, HTTP.</summary>
    public static string Name(TransportKind? kind) => kind switch
    {
        TransportKind.WebSocket => "WebSocket",
        TransportKind.Http => "HTTP",
        _ => "model provider",
    };

    /// <summary>Why an answer is not complete, in plain words.</summary>
    public static string Incomplete(string reason) => reason switch
    {
        "max_output_tokens" => "the answer reached the maximum length",
        "content_filter" => "the content filter stopped it",
        "empty" => "the answer is empty",
        "unknown" => "the model provider did not say why",
        "max_messages" => "it reached the largest number of messages",
        SteeredReason => "a message to the agent changed its course",
        _ => reason.Replace('_', ' '),
    };

    /// <summary>Whether a message to the agent was delivered.</summary>
    public static string Delivery(SteerPhase phase) => phase switch
    {
        SteerPhase.Sending => "Sending",
        SteerPhase.Delivered => "Delivered",
        SteerPhase.NotDelivered => "Not delivered: the run ended first",
        _ => "Will be delivered with the next step",
    };

    /// <summary>What a working run is doing.</summary>
    public static string Doing(TimelineActivity activity, TimelineNames? names = null) => activity.Kind switch
    {
        ActivityKind.Queued => "Waiting in the queue",
        ActivityKind.Connecting => activity.Subject.Length == 0 ? "Connecting" : $"Connecting to {activity.Subject}",
        ActivityKind.Retrying => TryingAgain,
        ActivityKind.WaitingForModel => "Waiting for the model",
        ActivityKind.Reasoning => activity.Subject.Length == 0 ? Thinking : activity.Subject,
        ActivityKind.Tool => (names ?? TimelineNames.None).Subject(activity.Intent, activity.Subject),
        ActivityKind.HostedTool => HostedToolText.Doing(activity.Subject),
        ActivityKind.Compacting => Compacting,
        ActivityKind.Writing => WritingAnswer,
        ActivityKind.WaitingForPerson => WaitingForDecision,
        ActivityKind.Paused => Paused,
        ActivityKind.TakenOver => PersonAnswers,
        ActivityKind.WaitingForAnswer => WaitingForAnswer,
        _ => "Working",
    };

    /// <summary>How many tools, or other kinds of work, run beside the one that is named.</summary>
    public static string Others(int count) => $"+{count} more";

    /// <summary>The button that shows all of a long piece of code.</summary>
    public static string ShowLines(int count) => $"Show all {TimelineFigures.Count(count)} lines";

    /// <summary>The button that shows older rows.</summary>
    public static string ShowEarlier(int count, int all) => $"Show {TimelineFigures.Count(count)} earlier of {TimelineFigures.Count(all)}";

    /// <summary>What the model read before there was a message.</summary>
    public static string ReadAhead(long tokens) => tokens > 0 ? $", {TimelineFigures.Count(tokens)} tokens read ahead" : ", read ahead";

    /// <summary>A request to the model by its number.</summary>
    public static string Request(int number) => $"Request {number}";

    /// <summary>Who did it, after what was done.</summary>
    public static string ByActor(EventActor actor, TimelineNames? names) => $"by {(names ?? TimelineNames.None).Of(actor)}";

    /// <summary>Events whose content was deleted.</summary>
    public static string DeletedEvents(int count) => $"{TimelineFigures.Count(count, "event", "events")} deleted by retention";

    /// <summary>What a message to the agent is headed with.</summary>
    public static string Message(EventActor? actor, TimelineNames? names) =>
        actor is null ? "Message to the agent" : $"Message from {(names ?? TimelineNames.None).Of(actor)}";

    /// <summary>Who paused a run that a rule paused.</summary>
    public const string ARule = "A rule";

    /// <summary>What somebody did about the run, in a sentence without its reason.</summary>
    public static string Intervention(InterventionItem item, TimelineNames? names)
    {
        if (item.Actor is not { } actor)
        {
            return SilentTooLong;
        }

        var who = (names ?? TimelineNames.None).AtStart(actor);
        return item.Kind switch
        {
            InterventionKind.Paused => $"{who} paused this",
            InterventionKind.Resumed => $"{who} resumed this",
            InterventionKind.TookOver => $"{who} took over from the agent",
            InterventionKind.Wrote => $"{who} wrote",
            InterventionKind.HandedBack => $"{who} handed back to the agent",
            InterventionKind.CancelledCall => $"{who} cancelled {(item.Tool is { } tool ? (names ?? TimelineNames.None).Tool(tool) : "a call")}",
            _ => $"{who} had the response asked for again",
        };
    }

    /// <summary>What a compacted conversation came to.</summary>
    public static string ShortenedTo(long bytes) => $"to {FileSize.Format(bytes)}, which the model reads instead of the earlier messages";

    /// <summary>A request to compact the conversation.</summary>
    public static string Compaction(CompactionPhase phase) => phase switch
    {
        CompactionPhase.Compacting => Compacting,
        CompactionPhase.Compacted => Compacted,
        _ => NotCompacted,
    };

    /// <summary>How a run ended, in a word.</summary>
    public static string End(EndItem item) => item.Status switch
    {
        RunStatus.Completed => item.IncompleteReason is null ? "Completed" : "Ended early",
        RunStatus.Failed => "Failed",
        _ => "Cancelled",
    };

    /// <summary>What changed in a run's course.</summary>
    public static string Status(StatusItem item) => item.Kind switch
    {
        StatusKind.Waiting => "Waiting for a person",
        StatusKind.Interrupted => "Interrupted",
        StatusKind.Resumed => "Resumed",
        StatusKind.FellBack => $"Switched to {Name(item.To)}",
        StatusKind.RetryScheduled => Retrying,
        StatusKind.Superseded => "Partial response discarded",
        StatusKind.Queued => "Waiting to connect",
        _ => "The model provider reported an error",
    };

    /// <summary>The number of the step that is under way.</summary>
    public static string Step(int number) => $"Step {number}";

    /// <summary>How a run has finished. The time counts from its start: waiting in the queue is no work.</summary>
    public static string Finished(TimelineState state)
    {
        var queued = state.StartedAt - state.CreatedAt ?? TimeSpan.Zero;
        var after = state.End?.Duration is { } duration ? TimelineFigures.Duration(queued < TimeSpan.FromSeconds(1) ? duration : duration - queued) : "";
        return state.Status switch
        {
            RunStatus.Completed => Steps(state, after),
            RunStatus.Failed => $"Failed{(after.Length > 0 ? $" after {after}" : "")}",
            RunStatus.Cancelled => $"Stopped{(after.Length > 0 ? $" after {after}" : "")}",
            _ => "Interrupted",
        };
    }

    private static string Steps(TimelineState state, string after)
    {
        var steps = TimelineSteps.Of(state);
        if (steps.Tools == 0)
        {
            return (steps.Declined ? ModelDeclined : "Answered") + (after.Length == 0 ? "" : steps.Declined ? $" · {after}" : $" in {after}");
        }

        IEnumerable<string> words =
        [
            $"Used {TimelineFigures.Count(steps.Tools, "tool", "tools")}"
                + (steps.Failed > 0 ? $", {TimelineFigures.Count(steps.Failed)} failed" : "")
                + (steps.NotApproved > 0 ? $", {TimelineFigures.Count(steps.NotApproved)} not approved" : ""),
            steps.Declined ? ModelDeclined.ToLowerInvariant() : "",
            after,
        ];
        return string.Join(" · ", words.Where(word => word.Length > 0));
    }
}
