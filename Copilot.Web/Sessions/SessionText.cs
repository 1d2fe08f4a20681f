namespace Copilot.Web.Sessions;

/// <summary>What a page's commands answer when they did not do what a person asked for: what happened, and what to do.</summary>
internal static class SessionText
{
    public const string NothingWritten = "Write a message first.";
    public const string PageOutOfDate = "This page is out of date. Reload it and send your message again.";
    public const string WriteDenied = "You don't have permission to write in this conversation.";
    public const string ControlDenied = "You don't have permission to control this run.";
    public const string SteerDenied = "You don't have permission to message this run.";
    public const string DecideDenied = "You don't have permission to approve or deny in this run.";

    public const string ConversationGone = "This conversation no longer exists.";
    public const string ConversationBeingDeleted = "This conversation is being deleted. Start a new one, or wait until that is done.";
    public const string RunGone = "This run no longer exists.";
    public const string RunMovedOn = "That is no longer possible because the run has moved on.";
    public const string RunEndedFirst = "The run ended before it could read this. Send it as your next message instead.";
    public const string RunHasEnded = "The run has ended. Send this as your next message.";

    public const string MessageUnusable = "This message can't be sent as it is. Change it and try again.";
    public const string MessageSlow = "Your message hasn't been saved yet because storage is not responding. You can send it again.";
    public const string MessageNotSaved = "Your message couldn't be saved because storage is unavailable. You can send it again.";
    public const string CommandSlow = "This hasn't been saved yet because storage is not responding. You can try again.";
    public const string CommandNotSaved = "This couldn't be saved because storage is unavailable. You can try again.";

    public const string DecisionSlow = "Your decision hasn't been saved yet because storage is not responding. You can decide again.";
    public const string DecisionNotSaved = "Your decision couldn't be saved because storage is unavailable. You can decide again.";
    /// <summary>Who decided, where that is the reader.</summary>
    public const string You = "you";

    public const string ApprovalGone = "This request for approval no longer exists.";
    public const string ApprovalClosed = "This is no longer waiting for a decision.";
    public const string ApprovalExpired = "The time for this decision was over, so the action was not carried out.";
    public const string ApprovalRunStopped = "The run was stopped before anyone decided.";

    public const string RenameFailed = "The conversation couldn't be renamed.";

    public const string FaultsNotOffered = "Outages can only be simulated with the demo model, and another one is in use.";
    public const string FaultsForAdmins = "Only admins can simulate an outage. Ask one of them.";
    public const string UnknownFault = "There is no such fault. Choose one from the list.";
    public const string UnknownNetwork = "There is no such network. Choose one from the list.";

    /// <summary>The text of a message is too long.</summary>
    public static string TooLong(int length, int limit) =>
        FormattableString.Invariant($"Your message has {length:N0} characters. The limit is {limit:N0}.");

    /// <summary>The reason for a decision is too long.</summary>
    public static string ReasonTooLong(int length, int limit) =>
        FormattableString.Invariant($"Your reason has {length:N0} characters. The limit is {limit:N0}.");

    /// <summary>Somebody else, or this person in another tab, was quicker.</summary>
    public static string AlreadyDecided(string who, string answer) => $"Already {answer} by {who}.";

    /// <summary>What a decision was, as <see cref="AlreadyDecided"/> says it.</summary>
    public static string Answer(bool approved, bool edited) => !approved ? "denied" : edited ? "approved with changes" : "approved";

    /// <summary>Somebody whose name is not known.</summary>
    public static string SomebodyWith(string role) => $"a {role.ToLowerInvariant()}";

    /// <summary>A conversation, or what is in it, could not be deleted.</summary>
    public static string DeleteFailed(bool whole) => $"{What(whole)} couldn't be deleted.";

    /// <summary>The same, because nothing can be stored.</summary>
    public static string DeleteNotSaved(bool whole) => $"{What(whole)} couldn't be deleted because storage is unavailable. You can try again.";

    /// <summary>How often a fault may be injected.</summary>
    public static string FaultTimes(int limit) => $"Choose a number from 1 to {limit}.";

    private static string What(bool whole) => whole ? "The conversation" : "The conversation's content";
}
