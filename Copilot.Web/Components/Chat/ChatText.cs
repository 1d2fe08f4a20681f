using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Components.Chat.Notices;
using Copilot.Web.Components.Layout;

namespace Copilot.Web.Components.Chat;

/// <summary>What the chat page says: its states, its cards, its message box.</summary>
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

    // The message box.
    public const string Message = "Message";
    public const string AttachFiles = "Attach files";
    public const string Stop = "Stop";
    public const string StopTitle = "Stop (Esc)";
    public const string Send = "Send";
    public const string SendTitle = "Send (Enter)";
    public const string QueueTitle = "Send after this run (Enter)";
    public const string SendToAgent = "Send to agent now";
    public const string SendToPerson = "Send now";
    public const string SendToPersonTitle = "Send to the person who answers you now";
    public const string SendToAgentTitle = "Send to the agent now (Enter)";
    public const string SendToAgentCtrlTitle = "Send to the agent now (Ctrl+Enter)";
    public const string AskPlaceholder = "Ask anything";
    public const string QueuePlaceholder = "Write your next message";
    public const string QueueOrAgentPlaceholder = "Write your next message";
    public const string AgentPlaceholder = "Message the agent";
    public const string HintSend = "to send";
    public const string HintQueue = "to send next";
    public const string HintAgent = "to message the agent";
    public const string HintAgentNow = "to send now";
    public const string HintNewLine = "for a new line";
    public const string HintStop = "Esc to stop";
    public const string FileProblem = "A file couldn't be attached. Remove it or retry, then send.";
    public const string WaitingForFiles = "Your message is sent when the files are uploaded.";
    public const string Offline = "This browser is not connected to the server.";
    public const string NotSentOffline = "Not sent: this browser is not connected to the server.";
    public const string NotSentDraftSaved =
        "Not sent: this browser is not connected to the server. Your text is saved. You can send it when the connection is back.";

    public const string HeldUntilConnected = "You're not connected. Your message will be sent when the connection is back.";
    public const string LastHeldUntilConnected = "You're not connected. Your last message will be sent when the connection is back.";
    public const string HeldAndChanged = "You changed the message. Send it again when you're ready.";
    public const string StopHeldUntilConnected = "You're not connected. The run will be stopped when the connection is back.";
    public const string SendIsSlow = "Still sending. The server hasn't answered yet; your text is saved.";
    public const string LongText = "That's a long text. As a file it leaves room for your question.";
    public const string AttachAsFile = "Attach as text file";
    public const string PastedFileName = "Pasted text.txt";

    // The queue.
    public const string Queued = "Queued";
    public const string Next = "Next";
    public const string EditQueued = "Take back and edit";
    public const string RemoveFromQueue = "Remove from the queue";

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

    // Approval.
    public const string ApprovalNeeded = "Approval needed:";
    public const string RunWaits = "The run is waiting for your decision.";
    public const string RunWaitsForOther = "The run is waiting for someone else's decision.";
    public const string Arguments = "Arguments";
    public const string WouldBeRefused = "This can't be done as asked.";
    public const string HiddenCharacters = "Some characters here can't be seen or change the reading order. They are marked.";
    public const string ShowAllFirst = "Show all of the long values before you approve.";
    public const string OtherMustApprove = "Someone else has to approve this, for example a supervisor. You can deny it.";
    public const string OtherApproves = "Needs a second person: whoever asked can't approve it.";
    public const string Yes = "yes";
    public const string No = "no";
    public const string ArgumentsJson = "Arguments (JSON)";
    public const string McpServer = "Provided by the MCP server";
    public const string NoArguments = "This action has no arguments.";
    public const string EmptyArgument = "empty";
    public const string DenyReason = "Reason (optional, shared with the agent)";
    public const string ViewOnly = "You can view this run but not approve or deny.";
    public const string Approve = "Approve";
    public const string ApproveWithChanges = "Approve with changes";
    public const string EditAndApprove = "Edit and approve";
    public const string EditAsJson = "Edit as JSON";
    public const string Deny = "Deny";
    public const string DenyWithReason = "Deny…";
    public const string AlwaysAllow = "Always allow";
    public const string NeverAllow = "Never allow";
    public const string FromNowOn = "From now on…";
    public const string AlwaysWhere = "Don't ask again about this action";
    public const string InThisConversation = "in this conversation";
    public const string AlwaysHowLong = "For how long";
    public const string AlwaysDetails = "You can end this at any time under “Standing permissions” in your account menu.";
    public const string AllowedFromNowOn = "This action is allowed from now on. You can end that under “Standing permissions” in your account menu.";
    public const string RuledOutFromNowOn = "This action is ruled out from now on. You can end that under “Standing permissions” in your account menu.";
    public const string RunWaitsForAnswer = "The agent waits for an answer.";
    public const string AnswerOwner = "The owner of this run or a supervisor can answer.";
    public const string AnswerChoices = "Answers to choose from";
    public const string AnswerOther = "Something else";
    public const string YourAnswer = "Your answer";
    public const string SendAnswer = "Send answer";
    public const string AnswerFirst = "Choose or write an answer first.";
    public const string JsonTooLong = "These arguments are too long to edit as JSON. Edit them one by one.";

    // Budget.
    public const string BudgetLabel = "Budget used up";
    public const string BudgetUsedUp = "This run has used up its budget.";
    public const string BudgetOwner = "The owner of this run or a supervisor can allow more.";
    private const string ProgressSaved = "Everything so far is saved.";

    // How a run ended.
    public const string InterruptedLabel = "Run interrupted";
    public const string Interrupted = "This run was interrupted.";
    public const string InterruptedDetails = ProgressSaved + " You can resume it.";
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

    /// <summary>The files of a queued message: the name of one, else how many.</summary>
    public static string Files(int count) => $"{count} files";

    /// <summary>Which version of a question is shown.</summary>
    public static string Version(int number, int count) => $"Question {number} of {count}";

    /// <summary>Which answer to the same question is shown.</summary>
    public static string AnswerVersion(int number, int count) => $"Answer {number} of {count}";

    /// <summary>The place of a message that waits, in front of it.</summary>
    public static string Place(int number) => $"{number}.";

    /// <summary>A message to the agent from somebody else than the run's owner.</summary>
    public static string SentWhileWorkingBy(string who) => $"Sent by {who} while the agent was working";

    /// <summary>Somebody who sent a message to the agent.</summary>
    public static string Person(string name, string role) => $"{name}, {role.ToLowerInvariant()}";

    /// <summary>The provider failed, and the run will try again.</summary>
    public static string Retrying(string? reason) => $"{reason ?? ProviderSilent} The run will retry automatically. Your own connection is fine.";

    /// <summary>A message is longer than it may be.</summary>
    public static string MessageTooLong(int limit) =>
        FormattableString.Invariant($"This is too long to send (limit: {limit:N0} characters). Shorten it or attach it as a file.");

    /// <summary>How long a text may be.</summary>
    public static string AtMost(int limit) => FormattableString.Invariant($"The limit is {limit:N0} characters.");

    /// <summary>The arguments of a call are too long for a form.</summary>
    public static string ArgumentsTooLong(int limit) =>
        FormattableString.Invariant($"These arguments are too long to edit here (limit: {limit:N0} characters).");

    /// <summary>Who asked for what needs approval.</summary>
    public static string RequestedBy(string name) => $"Requested by {name}.";

    /// <summary>The button that shows the whole of a long value.</summary>
    public static string ShowAllCharacters(int count) => FormattableString.Invariant($"Show all {count:N0} characters");

    /// <summary>The same button for who does not see where it stands.</summary>
    public static string ShowAllOf(string label) => $"Show all of {label}";

    /// <summary>An error about one argument, where the argument stands: its name need not be said again.</summary>
    public static string AtField(string name, string message)
    {
        var about = $"The argument '{name}' ";
        return message.StartsWith(about, StringComparison.Ordinal)
            ? string.Concat(char.ToUpperInvariant(message[about.Length]).ToString(), message.AsSpan(about.Length + 1))
            : message;
    }

    /// <summary>A field of the form holds something that is not JSON.</summary>
    public static string InvalidJson(string name) => $"The argument '{name}' is not valid JSON.";

    /// <summary>What is safe while a run waits for money, and when it ends; <paramref name="until"/> is empty where nothing ends it.</summary>
    public static string BudgetSafe(string until) => ProgressSaved + (until.Length > 0 ? $" If no one decides, the run ends at {until}." : "");

    /// <summary>The button that allows more money.</summary>
    public static string AllowMore(string amount) => $"Allow {amount} more";

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

    /// <summary>A standing permission for all conversations with an agent.</summary>
    /// <param name="agent">The agent's name.</param>
    /// <param name="owner">Whose conversations, where they are not the reader's own; else null.</param>
    public static string ForAgent(string agent, string? owner) =>
        owner is null ? $"in all my conversations with {agent}" : $"in all of {owner}'s conversations with {agent}";

    /// <summary>How long a standing permission counts.</summary>
    public static string Lifetime(TimeSpan lifetime) => lifetime < TimeSpan.FromDays(1)
        ? FormattableString.Invariant($"{lifetime.TotalHours:0} hours")
        : FormattableString.Invariant($"{lifetime.TotalDays:0} days");

    /// <summary>Who asks, for people who do not see the card.</summary>
    public static string QuestionOf(string agent) => $"{agent} asks:";

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
