namespace Copilot.Web.Runs.Supervising;

/// <summary>What people read when what they wanted to do about a run did not count.</summary>
internal static class InterveneText
{
    public const string ReasonMissing = RunCommandText.ReasonMissing;
    public const string CallMissing = "Several calls wait. Name the one you mean.";
    public const string NothingWaits = "No call is waiting for a decision any more.";
    public const string OwnRun = "This is your own run. Somebody else can take it over.";
    public const string System = "The system";

    /// <summary>The message that continues a run which has ended: the model reads it, and its owner.</summary>
    public static string ContinueFromStep(string? reason) =>
        $"Continue from the last completed step. Do not repeat what was done.{(reason is null ? "" : $" Reason: {reason}")}";

    /// <summary>Somebody was quicker.</summary>
    /// <param name="who">Their name, or "You".</param>
    /// <param name="verb">What they did, as the API's word.</param>
    public static string First(string who, string verb) => $"{who} was first and {Did(verb)}. Look at the run again, then decide.";

    /// <summary>Somebody was quicker, and it is the reader.</summary>
    public static string YouFirst(string verb) => $"You have already done something here: you {Did(verb)}.";

    /// <summary>Only who did it, or an admin, may undo it or go on with it.</summary>
    public static string NotYours(string who, string verb) => $"{who} {Did(verb)}. Only they or an admin can do this.";

    /// <summary>What somebody did, in the past tense.</summary>
    public static string Did(string verb) => verb switch
    {
        "stop" => "stopped this run",
        "pause" => "paused this run",
        "resume" => "resumed this run",
        "approve" => "approved this call",
        "deny" => "denied this call",
        "take_over" => "took this run over",
        "write" => "wrote in the agent's place",
        "hand_back" => "handed this run back to the agent",
        "cancel_call" => "cancelled a call",
        "retry" => "asked for the response again",
        _ => "did something about this run",
    };
}
