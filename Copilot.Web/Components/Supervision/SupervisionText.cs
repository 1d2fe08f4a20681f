using Copilot.Web.Runs.Supervising;

namespace Copilot.Web.Components.Supervision;

/// <summary>Texts of what people do about runs: buttons, dialogs and what is told to the owner.</summary>
internal static class SupervisionText
{
    public const string Verbs = "What you can do about this run";
    public const string More = "Actions";
    public const string Reason = "Reason";
    public const string Message = "Message";
    public const string Call = "Call";
    public const string Cancel = "Cancel";
    public const string Send = "Send";
    public const string Arguments = "Arguments";
    public const string NoArguments = "No arguments.";
    public const string Optional = "Optional.";
    public const string OwnerReads = "The person whose run it is will read it.";
    public const string AgentReads = "The agent will read it: what it should know, and what to do now.";
    public const string ModelReads = "The agent and the person whose run it is will read it.";
    public const string Repeat = "Run calls of unknown outcome again";
    public const string YouAnswer = "You answer in the agent's place";
    public const string YouAnswerDetails = "The agent waits. What you write goes to the person, and the agent is told when you hand back.";
    public const string NotSent = "Your message couldn't be sent. It is still here.";
    public const string Owner = "The person";
    public const string Paused = "Paused";

    /// <summary>Asks somebody why they decide in the run of another.</summary>
    /// <param name="who">Whose run it is, or null where their name is not known.</param>
    public static string WhyFor(string? who) => $"Why? {who ?? "The person whose run it is"} will read this.";

    /// <summary>What a button and its dialog are called.</summary>
    public static string Name(RunVerb verb) => verb switch
    {
        RunVerb.Stop => "Stop",
        RunVerb.Pause => "Pause",
        RunVerb.Resume => "Resume",
        RunVerb.Say => "Say",
        RunVerb.Approve => "Approve",
        RunVerb.Deny => "Deny",
        RunVerb.TakeOver => "Take over",
        RunVerb.Write => "Write",
        RunVerb.HandBack => "Hand back",
        RunVerb.CancelCall => "Cancel call",
        RunVerb.Retry => "Retry",
        _ => verb.ToString(),
    };

    /// <summary>What a verb does, in one sentence.</summary>
    public static string Details(RunVerb verb) => verb switch
    {
        RunVerb.Stop => "The run ends. Everything so far is saved.",
        RunVerb.Pause => "No tool starts and nothing is asked of the model until somebody resumes the run. What is under way ends.",
        RunVerb.Resume => "The run continues where it waits.",
        RunVerb.Say => "The agent is told while it works, as a supervisor's words.",
        RunVerb.Approve => "The call is carried out with these arguments.",
        RunVerb.Deny => "The call is not carried out, and the agent is told why.",
        RunVerb.TakeOver => "You answer in the agent's place until you hand back. What it is writing now is dropped.",
        RunVerb.HandBack => "The agent answers again and is told what was said.",
        RunVerb.CancelCall => "One call ends and the run continues. What it has already done stays done.",
        RunVerb.Retry => "The agent goes on from the last completed step. What it was writing is dropped; calls that were carried out are not repeated.",
        _ => "",
    };

    /// <summary>Why a verb cannot be chosen now.</summary>
    public static string NotNow(RunVerb verb) => verb switch
    {
        RunVerb.Approve or RunVerb.Deny => "No call waits for a decision.",
        RunVerb.CancelCall => "No call is under way.",
        RunVerb.Retry => "The model isn't being asked now.",
        RunVerb.TakeOver => "The run isn't working, or somebody else has taken over.",
        _ => "The run isn't working.",
    };

    /// <summary>The reason for a decision that was made with two keys; null where one must be written.</summary>
    public static string? WhenEmpty(RunVerb verb) => verb switch
    {
        RunVerb.Approve => "Looked at and approved.",
        RunVerb.Deny => "Looked at and not approved.",
        _ => null,
    };

    /// <summary>Says what stands where nothing is written.</summary>
    public static string LeftEmpty(string reason) => $"Left empty: “{reason}”";

    /// <summary>What is said of somebody who answers in the agent's place.</summary>
    public static string AnswersNow(string who) => $"{who} answers you now";

    /// <summary>The same, for somebody else who looks.</summary>
    public static string AnswersFor(string who) => $"{who} answers in the agent's place";

    /// <summary>What is said of a pause.</summary>
    public static string PausedBy(string who) => $"{who} paused this";

    /// <summary>What is said of somebody who let another's run cost more.</summary>
    public static string AllowedMore(string who, string amount) => $"{who} allowed {amount} more";

    /// <summary>The heading of a message in the agent's place.</summary>
    public static string WroteInPlace(string who) => $"{who} wrote in the agent's place";

    /// <summary>Where a message goes while somebody answers in the agent's place.</summary>
    public static string SentTo(string who) => $"Sent to {who}";

    /// <summary>A call in a choice.</summary>
    public static string CallOf(string tool, string callId) => $"{tool} ({callId})";
}
