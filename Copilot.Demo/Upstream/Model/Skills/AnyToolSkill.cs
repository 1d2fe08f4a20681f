using System.Text.Json.Nodes;
using Copilot.Demo.Upstream.Model.Language;
using Copilot.Demo.Upstream.Model.Schemas;

namespace Copilot.Demo.Upstream.Model.Skills;

/// <summary>
/// Uses a tool the model has never seen: the one whose name and description share most words with the request, called once, its result
/// reported unchanged.
/// </summary>
internal sealed class AnyToolSkill : ISkill
{
    private const int ShortestWord = 4;

    private static readonly HashSet<string> s_empty =
    [
        "what", "with", "this", "that", "from", "have", "they", "them", "when", "where", "which", "your", "please", "give", "tell", "will",
        "would", "could", "does", "into", "about", "customer", "hello", "finds", "find", "words", "name",
    ];

    public ModelPlan? TryPlan(ModelTurn turn)
    {
        if (turn.Calls.Count > 0)
        {
            return After(turn, turn.Calls[^1]);
        }

        return BestMatch(turn) is { } tool
            ? new ModelPlan($"`{tool.Name}` can answer this.", [new PlannedCall(tool.Name, Arguments(turn, tool))])
            : null;
    }

    /// <summary>The tool that fits the request best, or null when none shares a word with it.</summary>
    public static FunctionTool? BestMatch(ModelTurn turn)
    {
        var asked = Words(turn.Task);
        var best = turn.Tools
            .Where(tool => !ToolRole.AskPerson.Fits(tool.Name))
            // "Help me" is not a wish for another person.
            .Where(tool => !ToolRole.AskForHelp.Fits(tool.Name))
            .Select(tool => (Tool: tool, Score: Score(tool, asked)))
            .OrderByDescending(candidate => candidate.Score)
            .FirstOrDefault();
        return best.Score > 0 ? best.Tool : null;
    }

    public static JsonObject Arguments(ModelTurn turn, FunctionTool tool)
    {
        var facts = new KnownFacts();
        foreach (var call in turn.EarlierCalls.Concat(turn.Calls))
        {
            facts.AddRow(call.Rows.Count > 0 ? call.Rows[0] : null);
        }

        var period = Period.In(turn.Task, turn.Now);
        var subject = Phrases.Customer(turn.Task);
        return new ArgumentFiller(
            turn,
            facts.Set("query", subject ?? turn.Task)
                .Set("location", subject)
                .Set("note", turn.Task)
                .Set("from", period.FromText)
                .Set("to", period.ToText))
            .Fill(tool);
    }

    private static ModelPlan After(ModelTurn turn, ToolOutcome last)
    {
        if (!last.Succeeded)
        {
            return FailedCall.TryFix(turn, last, new KnownFacts()) is { } better
                ? new ModelPlan("The tool did not like an argument; I correct it and try once more.", [better])
                : FailedCall.Report(last, string.Empty);
        }

        var results = turn.Calls.Where(call => call.Succeeded).Select(call => call.Rows.Count > 0
            ? $"`{call.Name}` returned:\n\n{MarkdownTable.Of(call.Rows)}"
            : $"`{call.Name}` says: {call.Output}");
        return ModelPlan.Answer("The tool has answered.", string.Join("\n\n", results));
    }

    // A word of the name says more than one of the description.
    private static int Score(FunctionTool tool, HashSet<string> asked) =>
        (3 * ToolRole.Words(tool.Name).Count(asked.Contains)) + Words(tool.Description).Count(asked.Contains);

    private static HashSet<string> Words(string text) =>
        [.. ToolRole.Words(text).Where(word => word.Length >= ShortestWord && !s_empty.Contains(word))];
}
