using System.Globalization;
using Copilot.Domain.Costs;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Supervision.Rules;

namespace Copilot.Web.Supervision.Rules;

/// <summary>What people read when a rule is not saved as they meant it, and a rule in one sentence.</summary>
internal static class SupervisionRulesText
{
    public const string Gone = "This rule no longer exists.";
    public const string OtherTeam = "You can write rules for your own team only.";
    public const string NotYours = "An admin wrote this rule. Only admins can change it.";
    public const string UnknownTeam = "There is no such team.";
    public const string UnknownAgent = "There is no such agent.";
    public const string On = "on";
    public const string Off = "off";
    public const string WebSearch = "Search the web";
    public const string FileSearch = "Search in files";
    public const string CodeInterpreter = "Run code";
    public const string ImageGeneration = "Create an image";

    /// <summary>A tool of an MCP server.</summary>
    public static string ToolOf(string tool, string server) => $"{tool} of {server}";

    /// <summary>Somebody else changed it meanwhile.</summary>
    public static string ChangedMeanwhile(string name) => $"{name} has changed this rule meanwhile. Look at it again before you save.";

    /// <summary>There are too many.</summary>
    public static string TooMany(int most) => string.Create(CultureInfo.InvariantCulture, $"There can be {most} rules at most. Remove one that is not needed.");

    /// <summary>What a trial has shown, as the access log says it.</summary>
    public static string Shown(int runs) => runs == 1 ? "1 run of others" : string.Create(CultureInfo.InvariantCulture, $"{runs:N0} runs of others");

    /// <summary>A rule in one sentence.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="tool">What a tool is called.</param>
    /// <param name="team">What the rule's team is called; null where it is about all.</param>
    /// <param name="currency">The currency of costs, or null.</param>
    public static string Sentence(SupervisionRule rule, Func<string, string> tool, string? team, string? currency) =>
        $"When {When(rule.Condition, tool, currency)} in {Where(rule, team)}: {Then(rule.Effect)}.";

    /// <summary>A rule in one sentence as the audit and the access log have it: tools and team by what they are called in the source.</summary>
    public static string AuditSentence(SupervisionRule rule, string? currency) => Sentence(rule, tool => tool, rule.TeamId, currency);

    /// <summary>What a rule does.</summary>
    public static string Then(RuleEffect effect) => effect switch
    {
        RuleEffect.Alert => "raise an alert",
        RuleEffect.Pause => "pause before the next tool",
        _ => "require approval of the call",
    };

    private static string Where(SupervisionRule rule, string? team) => (team, rule.Agent) switch
    {
        (null, null) => "any run",
        ({ } name, null) => $"runs of {name}",
        (null, { } agent) => $"runs with {agent}",
        ({ } name, { } agent) => $"runs of {name} with {agent}",
    };

    private static string When(RuleCondition condition, Func<string, string> tool, string? currency) => condition.Kind switch
    {
        RuleConditionKind.ToolCalled => $"{Tool(condition, tool)} is called",
        RuleConditionKind.Argument =>
            $"{(string.IsNullOrEmpty(condition.Argument) ? "an argument" : condition.Argument)} of {Tool(condition, tool)} {Compared(condition)}",
        RuleConditionKind.Text => $"{Speaker(condition.Speaker)} {Compared(condition)}",
        RuleConditionKind.Cost => $"the cost is above {Money.Format(condition.Micros ?? 0, currency)}",
        RuleConditionKind.Silence => string.Create(CultureInfo.InvariantCulture, $"nothing happens for {condition.Seconds} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Tool(condition, tool)} is called {condition.Times} times in a row with the same arguments"),
    };

    private static string Tool(RuleCondition condition, Func<string, string> tool) =>
        string.IsNullOrEmpty(condition.Tool) ? "any tool" : tool(condition.Tool);

    private static string Speaker(RuleSpeaker speaker) => speaker switch
    {
        RuleSpeaker.Agent => "what the agent says",
        RuleSpeaker.Person => "what the person says",
        _ => "what the agent or the person says",
    };

    private static string Compared(RuleCondition condition) => condition.Comparison switch
    {
        RuleComparison.Contains => $"contains “{condition.Value}”",
        RuleComparison.EqualTo => $"is {condition.Value}",
        RuleComparison.Above => $"is above {condition.Value}",
        _ => $"matches “{condition.Value}”",
    };
}
