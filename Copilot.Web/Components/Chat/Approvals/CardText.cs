namespace Copilot.Web.Components.Chat.Approvals;

/// <summary>What the cards say where a run waits for a person: approvals, questions, budgets.</summary>
internal static class CardText
{
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
}
