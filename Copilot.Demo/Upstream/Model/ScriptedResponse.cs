using System.Globalization;
using Copilot.Demo.Upstream.Faults;
using Copilot.Demo.Upstream.Model.Schemas;
using Copilot.Demo.Upstream.Network;
namespace Copilot.Demo.Upstream.Model;

/// <summary>
/// An exact script requested in <c>metadata</c>, for benches and tests. All values are strings; one of
/// these keys is enough, the others have defaults. The rounds are counted in the conversation since the last
/// user message, so every request of the run has to carry the same metadata.
/// <list type="bullet">
/// <item><c>demo.tool_rounds</c>: responses that call tools before the answer, 0 to 200 (default 0).</item>
/// <item><c>demo.calls_per_round</c>: calls in each of them, 1 to 64 (default 1); one at a time with
/// <c>parallel_tool_calls: false</c>, the same number in all.</item>
/// <item><c>demo.tool</c>: the function to call, one of the request's tools, with arguments generated from its schema
/// (default: the first that looks as if it only reads, else the first).</item>
/// <item><c>demo.answer_tokens</c>: exact length of the answer in deltas, 0 to 100000 (default 64).</item>
/// <item><c>demo.thinking_ms</c>: pause before each response's first item, in milliseconds, 0 to 3600000, at any pace (default 0).</item>
/// <item><c>demo.tokens_per_second</c>: pace of this response instead of the configured one, 0 for none.</item>
/// </list>
/// A value outside its range is refused with a 400 of param <c>metadata</c>.
/// </summary>
internal sealed record ScriptedResponse(
    int ToolRounds,
    int CallsPerRound,
    string? Tool,
    int AnswerTokens,
    TimeSpan Thinking,
    double? TokensPerSecond)
{
    private const string Prefix = "demo.";

    private static readonly string[] s_words =
        ["the ", "model ", "streams ", "a ", "steady ", "row ", "of ", "plain ", "words ", "for ", "this ", "test "];

    /// <summary>The script in the metadata, or null when there is none.</summary>
    /// <exception cref="FormatException">A key or a value is not one of the above.</exception>
    public static ScriptedResponse? Read(IReadOnlyDictionary<string, string> metadata)
    {
        var keys = metadata.Keys.Where(IsScript).ToList();
        if (keys.Count == 0)
        {
            return null;
        }

        var script = new ScriptedResponse(0, 1, null, 64, TimeSpan.Zero, null);
        foreach (var key in keys)
        {
            var value = metadata[key];
            script = key switch
            {
                "demo.tool_rounds" => script with { ToolRounds = Whole(key, value, 0, 200) },
                "demo.calls_per_round" => script with { CallsPerRound = Whole(key, value, 1, 64) },
                "demo.tool" => script with { Tool = value },
                "demo.answer_tokens" => script with { AnswerTokens = Whole(key, value, 0, 100_000) },
                "demo.thinking_ms" => script with { Thinking = TimeSpan.FromMilliseconds(Whole(key, value, 0, 3_600_000)) },
                "demo.tokens_per_second" => script with { TokensPerSecond = Pace(key, value) },
                _ => throw new FormatException($"Invalid metadata: '{key}' is not a script of the demo model."),
            };
        }

        return script;
    }

    // Faults and networks have separate keys and do not affect the model.
    private static bool IsScript(string key) =>
        key.StartsWith(Prefix, StringComparison.Ordinal) && !key.StartsWith(FaultKeys.Prefix, StringComparison.Ordinal) && key != DemoNetwork.Key;

    /// <summary>The script's next step.</summary>
    public ModelPlan Plan(ModelTurn turn)
    {
        var remaining = (ToolRounds * CallsPerRound) - turn.Calls.Count;
        if (remaining > 0 && ToolToCall(turn) is { } tool)
        {
            var count = turn.ParallelToolCalls ? Math.Min(remaining, CallsPerRound - (turn.Calls.Count % CallsPerRound)) : 1;
            var call = new PlannedCall(tool.Name, new ArgumentFiller(turn, new KnownFacts()).Fill(tool));
            return new ModelPlan(null, [.. Enumerable.Repeat(call, count)]);
        }

        return new ModelPlan(null, [new PlannedMessage(Answer())]);
    }

    private FunctionTool? ToolToCall(ModelTurn turn) => Tool is null
        ? turn.Tools.FirstOrDefault(ToolRole.LooksReadOnly) ?? turn.Tools.FirstOrDefault()
        : turn.Tools.FirstOrDefault(tool => tool.Name == Tool);

    private string Answer() => string.Concat(Enumerable.Range(0, AnswerTokens).Select(index => s_words[index % s_words.Length]));

    private static int Whole(string key, string value, int least, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new FormatException($"Invalid metadata: '{key}' must be a whole number from {least} to {most}.");

    private static double Pace(string key, string value) =>
        double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : throw new FormatException($"Invalid metadata: '{key}' must be a number of tokens per second, 0 or more.");
}
