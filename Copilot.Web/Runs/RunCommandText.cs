namespace Copilot.Web.Runs;

/// <summary>What people read when a run does not do what they asked for: what happened, and what to do.</summary>
internal static class RunCommandText
{
    public const string NothingWritten = "Write a message first.";
    public const string WriteDenied = "You don't have permission to write in this conversation.";
    public const string ReasonMissing = "Say why in a few words: the person whose run it is will read it.";
    public const string ControlDenied = "You don't have permission to control this run.";
    public const string SteerDenied = "You don't have permission to message this run.";
    public const string DecideDenied = "You don't have permission to approve or deny in this run.";

    public const string ConversationGone = "This conversation no longer exists.";
    public const string ConversationBeingDeleted = "This conversation is being deleted. Start a new one, or wait until that is done.";
    public const string RunGone = "This run no longer exists.";
    public const string RunMovedOn = "That is no longer possible because the run has moved on.";
    public const string RunEndedFirst = "The run ended before it could read this. Send it as your next message instead.";

    public const string KeyReused = "This key was used for a different request in the last 24 hours. Use a new key for a new request.";
    public const string MessageUnusable = "This message can't be sent as it is. Change it and try again.";
    public const string MessageNotSaved = "Your message couldn't be saved because storage is unavailable. You can send it again.";
    public const string DiskNearlyFull = "The server's disk is nearly full, so nothing new is started. Ask an admin to make room, then send it again.";
    public const string CommandNotSaved = "This couldn't be saved because storage is unavailable. You can try again.";
    public const string DecisionNotSaved = "Your decision couldn't be saved because storage is unavailable. You can decide again.";

    /// <summary>Who decided, where that is the reader.</summary>
    public const string You = "you";

    public const string ApprovalGone = "This request for approval no longer exists.";
    public const string ApprovalClosed = "This is no longer waiting for a decision.";
    public const string AnswerDenied = "You don't have permission to answer in this run.";
    public const string QuestionGone = "This question no longer exists.";
    public const string QuestionClosed = "This question is no longer waiting for an answer.";
    public const string AnswerNotSaved = "Your answer couldn't be saved because storage is unavailable. You can send it again.";
    public const string AlwaysAsked = "This always needs an approval of its own. You can approve it once.";
    public const string ApprovedNotRemembered = "This was approved once, but not for the next times: storage is unavailable.";
    public const string DeniedNotRemembered = "This was denied once, but not for the next times: storage is unavailable.";
    public const string PermissionGone = "This permission has ended already.";
    public const string OtherMustApprove = "You asked for this, so someone else has to approve it. You can deny it.";
    public const string ApprovalExpired = "The time for this decision was over, so the action was not carried out.";
    public const string ApprovalRunStopped = "The run was stopped before anyone decided.";

    /// <summary>A budget for a model without a price.</summary>
    public static string BudgetWithoutPrice(string model) => $"'budget' requires a price for model '{model}', but none is configured.";

    /// <summary>The text of a message is too long.</summary>
    public static string TooLong(int length, int limit) =>
        FormattableString.Invariant($"Your message has {length:N0} characters. The limit is {limit:N0}.");

    /// <summary>The reason for a decision is too long.</summary>
    public static string ReasonTooLong(int length, int limit) =>
        FormattableString.Invariant($"Your reason has {length:N0} characters. The limit is {limit:N0}.");

    /// <summary>Somebody else, or this person in another tab, was quicker.</summary>
    public static string AlreadyDecided(string who, string answer) => $"Already {answer} by {who}.";

    /// <summary>What a decision was, as <see cref="AlreadyDecided"/> puts it.</summary>
    public static string Answer(bool approved, bool edited) => !approved ? "denied" : edited ? "approved with changes" : "approved";

    /// <summary>Somebody whose name is not known.</summary>
    public static string SomebodyWith(string role) => $"a {role.ToLowerInvariant()}";
}
