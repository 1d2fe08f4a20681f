using System.Globalization;
using Copilot.Domain.Erasure.Retention;

namespace Copilot.Web.Components.Admin;

/// <summary>What the page about retention and legal holds says.</summary>
internal static class RetentionText
{
    public const string Title = "Retention";
    public const string Loading = "Loading retention";
    public const string Rules = "How long conversations stay";
    public const string NoRules = "There are no rules of your own.";
    public const string About = "Applies to";
    public const string OneConversation = "One conversation";
    public const string ConversationId = "Conversation id";
    public const string DeleteIt = "Delete it";
    public const string AfterDays = "after days without activity";
    public const string WhenClosed = "when it is closed (archived)";
    public const string Days = "Days";
    public const string Set = "Set rule";
    public const string Remove = "Remove";
    public const string RemoveTitle = "Remove rule";
    public const string RemoveDetails = "Conversations stay as long as the next wider rule says from now on.";
    public const string RuleSet = "The rule is set.";
    public const string RuleRemoved = "The rule is removed.";
    public const string Holds = "Legal holds";
    public const string HoldsDetails = "Nothing under a legal hold is deleted, whoever asks and whatever a rule says. What was asked for waits until the hold is lifted.";
    public const string NoHolds = "There are no legal holds.";
    public const string Reason = "Reason";
    public const string SetHold = "Set hold";
    public const string Lift = "Lift";
    public const string LiftTitle = "Lift legal hold";
    public const string LiftDetails = "Deletions that were asked for are carried out, and rules apply again.";
    public const string HoldSet = "The hold is set.";
    public const string HoldLifted = "The hold is lifted.";
    public const string Denied = "Only admins can change this.";
    public const string NotFound = "There is no such conversation, person, rule or hold.";
    public const string Invalid = "Give between 1 and 36,500 days, or a reason of at most 500 characters.";
    public const string NotSaved = "It couldn't be saved. Please try again.";

    private static readonly CultureInfo s_culture = CultureInfo.GetCultureInfo("en-GB");

    /// <summary>What a rule is about.</summary>
    public static string Subject(RetentionRule rule, string? agent) => rule.Scope is RetentionScope.Agent
        ? $"Conversations with {agent ?? rule.SubjectId}"
        : $"Conversation {rule.SubjectId}";

    /// <summary>What a rule says.</summary>
    public static string When(RetentionRule rule) => rule.Days switch
    {
        null => "Deleted when closed",
        1 => "Deleted 1 day after its last activity",
        { } days => $"Deleted {days.ToString(s_culture)} days after its last activity",
    };

    /// <summary>What a hold is on.</summary>
    public static string Subject(LegalHold hold, string? person) => hold.SessionId is { } session
        ? $"Conversation {session}"
        : $"All conversations of {person ?? hold.UserId}";

    /// <summary>Who did something, and when.</summary>
    public static string By(string? person, DateTimeOffset at, TimeZoneInfo zone) => $"Set by {person ?? ErasureText.SomebodyGone}, {ErasureText.Moment(at, zone)}";

    /// <summary>Who lifted a hold, and when.</summary>
    public static string LiftedBy(string? person, DateTimeOffset at, TimeZoneInfo zone) => $"Lifted by {person ?? ErasureText.SomebodyGone}, {ErasureText.Moment(at, zone)}";

    /// <summary>A button's name with what it is about.</summary>
    public static string For(string verb, string subject) => $"{verb}: {subject}";

    /// <summary>Why a change was refused; null when it was made.</summary>
    public static string? Problem(RetentionChange change) => change switch
    {
        RetentionChange.Done => null,
        RetentionChange.Denied => Denied,
        RetentionChange.Invalid => Invalid,
        _ => NotFound,
    };
}
