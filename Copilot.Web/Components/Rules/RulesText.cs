using System.Globalization;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Supervision.Rules;
using Copilot.Web.Supervision.Rules;

namespace Copilot.Web.Components.Rules;

/// <summary>Sentences about the rules that supervisors write.</summary>
internal static class RulesText
{
    public const string Rules = "Rules";
    public const string Intro = "A rule watches every run for you: it raises an alert, pauses the run, or has a call approved first.";
    public const string None = "There are no rules yet. Write the first one, for example for orders above 500.";
    public const string Loading = "Loading rules";
    public const string NotLoadedTitle = "The rules couldn't be loaded";
    public const string NotLoaded = "Rules can't be read at the moment. Trying again…";
    public const string DeniedTitle = "This page is for supervisors";
    public const string Denied = "Your account can't write rules about other people's runs.";
    public const string GoToConversations = "Go to your conversations";
    public const string NotDone = "This couldn't be done. You can try again.";
    public const string SignedOut = "You are signed out. Sign in again.";

    public const string New = "New rule";
    public const string NewTitle = "New rule";
    public const string EditTitle = "Change this rule";
    public const string Edit = "Edit";
    public const string Remove = "Remove";
    public const string RemoveDetails = "It no longer watches any run. What it has paused stays paused, and what it has asked about still waits.";
    public const string Removed = "The rule was removed.";
    public const string Saved = "The rule is in force, also for runs that work already.";
    public const string SavedOff = "The rule is saved. It is off.";
    public const string IsOn = "On";
    public const string IsOff = "Off";
    public const string NeverFired = "It hasn't fired yet";
    public const string ForAll = "An admin's rule";

    public const string Name = "Name";
    public const string NameHint = "Whoever it stops reads it";
    public const string When = "When";
    public const string What = "What it looks at";
    public const string Tool = "Tool";
    public const string Argument = "Argument";
    public const string ArgumentHint = "any argument";
    public const string Comparison = "Comparison";
    public const string Value = "Value";
    public const string Words = "Words";
    public const string Number = "Number";
    public const string Pattern = "Regular expression";
    public const string Of = "of";
    public const string IsCalled = "is called";
    public const string Says = "says something that";
    public const string Speaker = "Whose words";
    public const string Above = "above";
    public const string Amount = "Amount";
    public const string For = "for";
    public const string Seconds = "Seconds";
    public const string SecondsUnit = "seconds";
    public const string IsRepeated = "is made";
    public const string Times = "Times";
    public const string TimesUnit = "times in a row";
    public const string In = "in runs of";
    public const string With = "with";
    public const string Then = "then";
    public const string Team = "Team";
    public const string Agent = "Agent";
    public const string Effect = "What happens";
    public const string AnyTool = "any tool";
    public const string AnyTeam = "any team";
    public const string OwnTeam = "your team";
    public const string AnyAgent = "any agent";

    public const string Try = "Try on the last 7 days";
    public const string TryAgain = "Try again";
    public const string Stop = "Stop";
    public const string Save = "Save";
    public const string Cancel = "Cancel";
    public const string TryFirst = "Try it before you save it.";
    public const string Waits = "Another trial is under way. This one is next.";
    public const string TryingLabel = "Runs read so far";
    public const string Stopped = "Stopped.";
    public const string Failed = "The past couldn't be read. You can try again.";
    public const string Moments = "When it would have fired";
    public const string SlowPattern = "Its regular expression took too long on some texts. Make it simpler before you save it: it would stop runs without need.";
    public const string Undecided = "Its regular expression took too long and counted as met. Make it simpler: it stops runs without need.";
    public const string Cut = "Only the newest 2,000 runs were read.";

    /// <summary>What somebody can choose to look at.</summary>
    public static string Kind(RuleConditionKind kind) => kind switch
    {
        RuleConditionKind.ToolCalled => "the tool",
        RuleConditionKind.Argument => "the argument",
        RuleConditionKind.Text => "the text",
        RuleConditionKind.Cost => "the cost is",
        RuleConditionKind.Silence => "nothing happens",
        _ => "the same call of",
    };

    /// <summary>A comparison.</summary>
    public static string Compares(RuleComparison comparison) => comparison switch
    {
        RuleComparison.Contains => "contains",
        RuleComparison.EqualTo => "is",
        RuleComparison.Above => "is above",
        _ => "matches",
    };

    /// <summary>Whose words.</summary>
    public static string Whose(RuleSpeaker speaker) => speaker switch
    {
        RuleSpeaker.Agent => "the agent",
        RuleSpeaker.Person => "the person",
        _ => "the agent or the person",
    };

    /// <summary>What happens.</summary>
    public static string Does(RuleEffect effect) => SupervisionRulesText.Then(effect);

    /// <summary>What is written into the value.</summary>
    public static string ValueLabel(RuleComparison comparison) => comparison switch
    {
        RuleComparison.Contains => Words,
        RuleComparison.Above => Number,
        RuleComparison.Matches => Pattern,
        _ => Value,
    };

    /// <summary>How often it would have fired.</summary>
    public static string Found(int count) => count switch
    {
        0 => "Would not have fired in the last 7 days.",
        1 => "Would have fired once in the last 7 days.",
        _ => string.Create(CultureInfo.InvariantCulture, $"Would have fired {count:N0} times in the last 7 days."),
    };

    /// <summary>How many runs were read.</summary>
    public static string Read(RuleTrialResult found) => found.IsDone
        ? found.Runs == 1 ? "1 run was read." : string.Create(CultureInfo.InvariantCulture, $"{found.Runs:N0} runs were read.")
        : string.Create(CultureInfo.InvariantCulture, $"{found.Read:N0} of {found.Runs:N0} runs were read.");

    /// <summary>There are more moments than are shown.</summary>
    public static string More(int count) => string.Create(CultureInfo.InvariantCulture, $"and {count:N0} more");

    /// <summary>How far a trial is.</summary>
    public static string Progress(RuleTrialResult found) => string.Create(
        CultureInfo.InvariantCulture, $"{found.Read:N0} of {found.Runs:N0} runs read, {found.Count:N0} found so far");

    /// <summary>Who wrote it.</summary>
    public static string By(Rule rule, TimeZoneInfo zone) => rule is { ChangedBy: { } changed, ChangedAt: { } at }
        ? $"Written by {rule.CreatedBy}, changed by {changed} on {Moment(at, zone)}"
        : $"Written by {rule.CreatedBy} on {Moment(rule.CreatedAt, zone)}";

    /// <summary>When it fired last.</summary>
    public static string Fired(DateTimeOffset at, TimeZoneInfo zone) => $"Fired last on {Moment(at, zone)}";

    /// <summary>When its expression took too long: the link to the run.</summary>
    public static string UndecidedIn(DateTimeOffset at, TimeZoneInfo zone) => $"Last on {Moment(at, zone)}";

    /// <summary>A moment in the reader's zone.</summary>
    public static string Moment(DateTimeOffset at, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(at, zone).ToString("d MMM, HH:mm", CultureInfo.InvariantCulture);

    /// <summary>A button about one of several rules.</summary>
    public static string About(string verb, string name) => $"{verb}: {name}";

    /// <summary>Asks whether to remove it.</summary>
    public static string RemoveTitle(string name) => $"Remove “{name}”?";
}
