using System.Text.Json;
using System.Text.Json.Nodes;
using Copilot.Demo.Upstream.Model.Schemas;
using Copilot.Demo.Upstream.Protocol;

namespace Copilot.Demo.Upstream.Model.Language;

/// <summary>What a call is for, in a few words, for tools that ask for it with an argument named <c>intent</c>.</summary>
internal static class CallPhrases
{
    private const string Argument = "intent";
    private const int MostWords = 60;

    /// <summary>The plan with an intent in each call that can carry one, before its other arguments.</summary>
    public static ModelPlan AddTo(ModelPlan plan, ModelTurn turn) =>
        plan with { Steps = [.. plan.Steps.Select(step => step is PlannedCall call && Asks(turn, call.Name) ? WithIntent(call) : step)] };

    private static bool Asks(ModelTurn turn, string name) =>
        turn.Tools.FirstOrDefault(tool => tool.Name == name) is { } tool
        && tool.Parameters.Member("properties")?.Member(Argument) is { } schema
        && ArgumentFiller.IsNullable(schema);

    private static PlannedCall WithIntent(PlannedCall call)
    {
        var arguments = new JsonObject { [Argument] = Of(call) };
        foreach (var (name, value) in call.Arguments.Where(argument => argument.Key != Argument))
        {
            arguments[name] = value?.DeepClone();
        }

        return call with { Arguments = arguments };
    }

    private static string? Of(PlannedCall call)
    {
        var name = call.Name;
        return ToolRole.FindCustomer.Fits(name) ? Text(call, "query", "name") is { } customer ? $"Looking up {customer}" : "Looking for the customer"
            : ToolRole.FindPart.Fits(name) ? Text(call, "query", "part", "name") is { } part ? $"Checking the stock of {part}" : "Checking the stock"
            : ToolRole.FindSlots.Fits(name) ? "Looking for a free technician"
            : ToolRole.Reserve.Fits(name) ? "Putting the spare part aside"
            : ToolRole.Book.Fits(name) ? "Booking the technician's visit"
            : ToolRole.AddNote.Fits(name) ? "Leaving a note on the customer's record"
            : ToolRole.PlaceOrder.Fits(name) ? Text(call, "part_name", "part") is { } wanted ? $"Ordering {wanted}" : "Placing the order"
            : ToolRole.FindOrders.Fits(name) ? "Looking through the orders"
            : null;
    }

    private static string? Text(PlannedCall call, params string[] names) => names
        .Select(name => call.Arguments[name] is JsonValue value && value.GetValueKind() is JsonValueKind.String ? value.GetValue<string>().Trim() : "")
        .FirstOrDefault(text => text.Length is > 0 and <= MostWords);
}
