using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Components.Chat.Notices;
using Copilot.Web.Components.Layout;

namespace Copilot.Web.Components.Chat;

/// <summary>What the chat page says: its states, its questions and answers, how a run ended.</summary>
internal static class ChatText
{
    // The page.
    public const string NewChat = "New chat";
    public const string NeedsDecision = "Needs a decision";
    public const string Loading = "Loading the conversation";
    public const string NotFoundTitle = "We can't find this conversation";
    public const string NotFound = "It may have been deleted, or it may belong to someone else.";
    public const string StartNew = "Start a new conversation";
    public const string AccessEndedTitle = "You no longer have access to this conversation";
    public const string AccessEnded = "Your role, your team or your account has changed. Runs in progress continue.";
    public const string LoadFailedTitle = "This conversation couldn't be loaded";
    public const string LoadFailed = "Everything is saved, and runs in progress continue. You can try again.";
    public const string GoToConversations = "Go to your conversations";
    public const string TryAgain = "Try again";
    public const string StorageUnavailable =
        "Storage is unavailable, so runs are paused. Everything on screen is saved. They'll continue automatically.";
    public const string JumpToLatest = "Jump to latest";

    // An empty conversation.
    public const string Greeting = "What can I take off your desk?";
    public const string GreetingDetails = "I look things up, check stock and calendars, make bookings and take notes. You see every step.";
    public const string Examples = "Examples";

    // A question.
    public const string YouAsked = "You asked";
    public const string PreviousVersion = "Previous version of the question";
    public const string NextVersion = "Next version of the question";
    public const string ShowAll = "Show all";
    public const string ShowLess = "Show less";
    public const string CopyQuestion = "Copy question";
    public const string EditQuestion = "Edit question";
    public const string Edit = "Edit";
    public const string StopToEdit = "Stop the run to edit";
    public const string EditYourQuestion = "Edit your question";
    public const string AskAgain = "Ask again";
    public const string Cancel = "Cancel";

    // An answer.
    public const string CopyAnswer = "Copy answer";
    public const string Copied = "Copied";
    public const string NotCopied = "The browser did not allow copying. Select the text and copy it with Ctrl+C.";
    public const string PreviousAnswer = "Previous answer";
    public const string NextAnswer = "Next answer";
    public const string GoodAnswer = "Good answer";
    public const string BadAnswer = "Bad answer";
    public const string RunCost = "Cost of this run";
    public const string RunCostCut = "Cost of this run. One response was cut off before its usage was reported.";
    public const string RunCostUnpriced = "Cost of this run. One of the models used has no price.";
    public const string SessionCost = "Cost of this conversation, including other versions of its answers";
    public const string ContextLabel = "Memory of this conversation";
    public const string AnImage = "An image";
    public const string DrawnByCode = "Drawn by the code";

    // The connection to the model.
    public const string ProviderSilent = "The model provider did not respond.";
    public const string ProviderLost = "The run lost its connection to the model provider and is reconnecting. Your own connection is fine.";
    public const string RetryNow = "Try now";

    // Messages to the agent.
    public const string SentWhileWorking = "Sent while the agent was working";

    // How a run ended.
    public const string InterruptedLabel = "Run interrupted";
    public const string Interrupted = "This run was interrupted.";
    public const string InterruptedDetails = "Everything so far is saved. You can resume it.";
    public const string ResumeChecking = "Resume and let the agent check first";
    public const string ResumeRepeating = "Resume and run it again";
    public const string Resume = "Resume";
    public const string EndRun = "End the run";
    public const string FailedLabel = "Run failed";
    public const string Failed = "This run failed.";
    public const string NoReason = "No reason was recorded.";
    public const string Stopped = "Stopped. Completed steps are not undone.";
    public const string IncompleteLabel = "Answer incomplete";
    public const string Incomplete = "The answer is incomplete.";
    public const string Continue = "Continue";
    public const string ContinueMessage = "Please continue.";
    public const string ATool = "a tool";
    public const string SomebodyElse = "Somebody else";
    public const string WriteHere = "Write here";

    // Announced to people who do not see the page.
    public const string AnnounceCompleted = "The answer is complete.";
    public const string AnnounceFailed = "The run failed.";
    public const string AnnounceStopped = "The run was stopped.";
    public const string AnnounceInterrupted = "The run was interrupted.";
    public const string AnnounceContinues = "The run continues.";
    public const string AnnounceBudget = "The run has used up its budget and is waiting for a decision.";

    /// <summary>What a person can try in an empty conversation.</summary>
    public static IReadOnlyList<(string Title, string Text)> Prompts { get; } =
    [
        ("Book a repair", "Book a technician for Contoso's broken compressor and reserve the spare part."),
        ("Check stock", "How many pump seals do we have, and where?"),
        ("Find a slot", "When is the next free technician for a boiler service this week?"),
        ("Know a customer", "What do we know about Northwind?"),
    ];

    /// <summary>The page's title.</summary>
    public static string PageTitle(string title, RunStatus? active) => active switch
    {
        RunStatus.Waiting => $"{NeedsDecision} · {title} · {ShellText.Product}",
        RunStatus.Running => $"● {title} · {ShellText.Product}",
        _ => $"{title} · {ShellText.Product}",
    };

    /// <summary>Who asked, as a heading.</summary>
    public static string Asked(string name) => $"{name} asked";

    /// <summary>Who answered, as a heading.</summary>
    public static string Answered(string agent) => $"{agent} answered";

    /// <summary>Whose conversation it is, for somebody else.</summary>
    public static string ConversationOf(string name) => $"{name}'s conversation";

    /// <summary>What somebody else who may write there should know.</summary>
    public static string WritingAs(string name) => $"What you send appears with your name, {name}.";

    /// <summary>A run that somebody else than its owner stopped.</summary>
    public static string StoppedBy(string name) => $"Stopped by {name}. Completed steps are not undone.";

    /// <summary>The button that shows older runs.</summary>
    public static string ShowEarlier(int count) => $"Show {count} earlier";

    /// <summary>Which version of a question is shown.</summary>
    public static string Version(int number, int count) => $"Question {number} of {count}";

    /// <summary>Which answer to the same question is shown.</summary>
    public static string AnswerVersion(int number, int count) => $"Answer {number} of {count}";

    /// <summary>A message to the agent from somebody else than the run's owner.</summary>
    public static string SentWhileWorkingBy(string who) => $"Sent by {who} while the agent was working";

    /// <summary>Somebody who sent a message to the agent.</summary>
    public static string Person(string name, string role) => $"{name}, {role.ToLowerInvariant()}";

    /// <summary>The provider failed, and the run will try again.</summary>
    public static string Retrying(string? reason) => $"{reason ?? ProviderSilent} The run will retry automatically. Your own connection is fine.";

    /// <summary>Tools were running when the run was interrupted.</summary>
    public static string UnknownOutcome(IEnumerable<string> tools) =>
        $"We don't know whether {string.Join(", ", tools)} took effect. Running it again might do it twice.";

    /// <summary>Why an answer is incomplete, and what to do.</summary>
    public static string IncompleteReason(string reason) => reason switch
    {
        "max_output_tokens" => "It reached the maximum length.",
        "content_filter" => "The model provider's content filter stopped it.",
        "empty" => "The answer is empty. Try again, or ask in other words.",
        "unknown" => "The model provider ended it early and did not say why.",
        _ => $"The model provider ended it early ({reason}).",
    };

    /// <summary>A run waits for approval of these actions.</summary>
    public static string AnnounceApproval(IEnumerable<string> actions) => $"The run is waiting for approval: {string.Join(", ", actions)}.";

    /// <summary>How a run ended, for people who do not see the page; empty while it has not.</summary>
    public static string AnnounceEnd(RunSummary run) => run.Status switch
    {
        RunStatus.Completed when run.IncompleteReason is not null => Incomplete,
        RunStatus.Completed => AnnounceCompleted,
        RunStatus.Failed => AnnounceFailed,
        RunStatus.Cancelled => AnnounceStopped,
        RunStatus.Interrupted => AnnounceInterrupted,
        _ => "",
    };

    /// <summary>Announces a question.</summary>
    public static string AnnounceQuestion(string question) => $"The agent asks: {question}";

    /// <summary>How full the conversation's memory is.</summary>
    public static string ContextFull(int percent) => FormattableString.Invariant($"{percent} % full");

    /// <summary>The same, where it stands alone.</summary>
    public static string ContextShort(int percent) => $"Memory {ContextFull(percent)}";

    /// <summary>The same in a sentence, and what happens then.</summary>
    public static string ContextTitle(int percent) =>
        $"{ContextLabel}: {ContextFull(percent)}. When there is no room left, what was said first is summed up.";

    /// <summary>The same as a technical detail.</summary>
    /// <param name="tokens">What the conversation takes.</param>
    /// <param name="window">What the model holds, or null.</param>
    /// <param name="compactsAt">From where on it is compacted, or null.</param>
    public static string ContextTokens(long tokens, int? window, int? compactsAt) =>
        (window is { } all ? FormattableString.Invariant($"{tokens:N0} of {all:N0} tokens") : FormattableString.Invariant($"{tokens:N0} tokens of context"))
        + (compactsAt is { } limit ? FormattableString.Invariant($", compacted at {limit:N0}") : "");
}
