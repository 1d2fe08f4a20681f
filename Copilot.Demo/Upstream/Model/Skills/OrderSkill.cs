using System.Text.Json;
using Copilot.Demo.Upstream.Protocol;
using Copilot.Demo.Upstream.Model.Language;
using Copilot.Demo.Upstream.Model.Schemas;

namespace Copilot.Demo.Upstream.Model.Skills;

/// <summary>Orders a part from the supplier, and reports what was ordered, including what a person changed or denied.</summary>
internal sealed class OrderSkill : ISkill
{
    public ModelPlan? TryPlan(ModelTurn turn) => Placing(turn) ?? Listing(turn);

    private static ModelPlan? Placing(ModelTurn turn)
    {
        if (ToolRole.PlaceOrder.In(turn.Tools) is not { } order
            || !Phrases.HasAny(turn.Task, "order", "buy")
            || Phrases.Parts(turn.Task) is not [var wanted, ..])
        {
            return null;
        }

        if (turn.CallsTo(ToolRole.PlaceOrder) is [.., var placed])
        {
            return placed.Succeeded ? Report(placed) : FailedCall.Report(placed, "Nothing was ordered.");
        }

        if (turn.CallsTo(ToolRole.FindPart) is not [.., var search])
        {
            return ToolRole.FindPart.In(turn.Tools) is { } find
                ? new ModelPlan($"First I look for the {wanted} and its price.", [Call(turn, find, new KnownFacts().Set("query", wanted))])
                : null;
        }

        if (!search.Succeeded)
        {
            return FailedCall.Report(search, "Nothing was ordered.");
        }

        if (Row.Best(search.Rows, wanted) is not { } part)
        {
            return ModelPlan.Answer($"I found no part called “{wanted}”, so I ordered nothing. Which part do you mean?");
        }

        var facts = new KnownFacts()
            .AddRow(part)
            .Set("part_id", Row.Id(part, "part"))
            .Set("part_name", Row.Title(part))
            .Set("unit_price", Price(part))
            .Set("quantity", Phrases.Quantity(turn.Task) ?? 1);
        return new ModelPlan($"I order the {Row.Title(part)}; a person has to approve it.", [Call(turn, order, facts)]);
    }

    private static ModelPlan? Listing(ModelTurn turn)
    {
        if (ToolRole.FindOrders.In(turn.Tools) is not { } list || !Phrases.HasAny(turn.Task, "orders", "ordered"))
        {
            return null;
        }

        return turn.CallsTo(ToolRole.FindOrders) switch
        {
            [] => new ModelPlan("I look up the orders.", [Call(turn, list, new KnownFacts())]),
            [.., { Succeeded: false } failed] => FailedCall.Report(failed, string.Empty),
            [.., { Rows.Count: 0 }] => ModelPlan.Answer("Nothing has been ordered yet."),
            [.., var found] => ModelPlan.Answer("These are the orders, the newest first:\n\n" + MarkdownTable.Of(found.Rows)),
        };
    }

    private static ModelPlan Report(ToolOutcome placed)
    {
        var order = placed.Rows is [var row, ..] ? row : default;
        return ModelPlan.Answer(
            "The order is placed.",
            (placed.Preface is null ? "**Ordered.**" : "**Ordered, with the arguments that a person changed.**") + "\n\n" + MarkdownTable.Of(
                ("Part", Row.Title(order)),
                ("Quantity", Row.Show(order, "quantity")),
                ("Total (GBP)", Row.Show(order, "total_price")),
                ("Due", Row.Show(order, "due_on")),
                ("Order", Row.Id(order, "order"))));
    }

    private static System.Text.Json.Nodes.JsonNode? Price(JsonElement part) =>
        part.TryGetProperty("price", out var price) ? JsonText.ToNode(price) : null;

    private static PlannedCall Call(ModelTurn turn, FunctionTool tool, KnownFacts facts) =>
        new(tool.Name, new ArgumentFiller(turn, facts).Fill(tool));
}
