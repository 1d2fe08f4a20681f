using Copilot.Demo.Upstream.Model.Language;

namespace Copilot.Demo.Upstream.Model.Skills;

/// <summary>Asks a custom tool that takes SQL, then shows the rows as a table.</summary>
internal sealed class SqlSkill : ISkill
{
    private static readonly (string Word, string Query)[] s_queries =
    [
        ("technician*", "SELECT area, count(*) AS technicians\nFROM technicians\nGROUP BY area\nORDER BY technicians DESC, area"),
        ("customer*", "SELECT city, count(*) AS customers\nFROM customers\nGROUP BY city\nORDER BY customers DESC, city\nLIMIT 10"),
        ("equipment", "SELECT skill, count(*) AS pieces, min(installed) AS oldest\nFROM equipment\nGROUP BY skill\nORDER BY pieces DESC"),
        ("part*", "SELECT skill, count(*) AS parts, sum(in_stock) AS in_stock\nFROM parts\nGROUP BY skill\nORDER BY in_stock DESC"),
    ];

    public ModelPlan? TryPlan(ModelTurn turn)
    {
        if (!Phrases.HasAny(turn.Task, "sql", "with a query", "query the database")
            || turn.CustomTools.FirstOrDefault(tool => tool.Name.Contains("sql", StringComparison.OrdinalIgnoreCase)) is not { } tool)
        {
            return null;
        }

        if (turn.Calls.LastOrDefault(call => call.Name == tool.Name) is { } asked)
        {
            return asked.Succeeded
                ? ModelPlan.Answer(asked.Rows.Count == 0 ? "The query found no rows." : $"The query found this:\n\n{MarkdownTable.Of(asked.Rows)}")
                : ModelPlan.Answer($"The query failed: {asked.Complaint}");
        }

        var query = s_queries.FirstOrDefault(one => Phrases.Has(turn.Task, one.Word), s_queries[^1]).Query;
        return new ModelPlan("A query counts faster than I do.", [new PlannedCustomCall(tool.Name, query)]);
    }
}
