using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Copilot.Demo.Upstream.Model.Language;
using Copilot.Demo.Upstream.Model.Schemas;
using Copilot.Demo.Upstream.Protocol;
namespace Copilot.Demo.Upstream.Model;

/// <summary>Handles a failed call: corrects a bad argument once, and reports everything else.</summary>
internal static partial class FailedCall
{
    /// <summary>The same call with the argument corrected that the tool complained about, or null if that is not possible.</summary>
    public static PlannedCall? TryFix(ModelTurn turn, ToolOutcome failed, KnownFacts facts)
    {
        if (failed.Verdict != ToolVerdict.BadArgument
            || failed.Arguments.ValueKind != JsonValueKind.Object
            || turn.Calls.Count(call => call.Name == failed.Name && !call.Succeeded) > 1
            || turn.Tools.FirstOrDefault(tool => tool.Name == failed.Name) is not { } tool)
        {
            return null;
        }

        var arguments = (JsonObject)JsonText.ToNode(failed.Arguments)!;
        var blamed = arguments.Select(argument => argument.Key)
            .Where(name => Phrases.Has(failed.Complaint, name))
            .OrderByDescending(name => name.Length)
            .FirstOrDefault();
        if (Ceiling().Match(failed.Complaint) is { Success: true } ceiling
            && arguments.FirstOrDefault(argument => argument.Value?.GetValueKind() == JsonValueKind.Number).Key is { } counted
            && int.Parse(ceiling.Groups["n"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture) is var most and > 0)
        {
            arguments[counted] = most;
        }
        else if (blamed is not null)
        {
            Replace(arguments, blamed, failed.Complaint, turn, tool, facts);
        }

        return JsonNode.DeepEquals(arguments, JsonText.ToNode(failed.Arguments)) ? null : new PlannedCall(tool.Name, arguments);
    }

    /// <summary>Reports to the person what did not work.</summary>
    public static ModelPlan Report(ToolOutcome failed, string doneSoFar)
    {
        var what = failed.Verdict switch
        {
            ToolVerdict.Denied => $"I was not allowed to use `{failed.Name}`, so I stopped there.",
            ToolVerdict.Cancelled => $"`{failed.Name}` was cancelled, so I stopped there.",
            ToolVerdict.TimedOut => $"`{failed.Name}` did not answer in time. Please check whether it took effect before it is repeated.",
            _ => $"`{failed.Name}` did not work.",
        };
        return ModelPlan.Answer(
            "A tool did not do what I needed, and I should say so.",
            $"{what}\n\n> {failed.Complaint.ReplaceLineEndings(" ")}\n{(doneSoFar.Length == 0 ? string.Empty : $"\n{doneSoFar}")}");
    }

    private static void Replace(JsonObject arguments, string name, string complaint, ModelTurn turn, FunctionTool tool, KnownFacts facts)
    {
        if (Offered().Matches(complaint).Select(match => match.Groups["value"].Value)
            .FirstOrDefault(value => value != name && value != (arguments[name] as JsonValue)?.ToString()) is { } offered)
        {
            arguments[name] = offered;
            return;
        }

        var fresh = new ArgumentFiller(turn, facts).Fill(tool);
        if (!JsonNode.DeepEquals(fresh[name], arguments[name]))
        {
            arguments[name] = fresh[name]?.DeepClone();
            return;
        }

        arguments[name] = ArgumentFiller.IsNullable(tool.Parameters.Member("properties")?.Member(name) ?? default)
            ? null
            : new SchemaInstance(tool.Parameters, SchemaHints.None).Make() is JsonObject made ? made[name]?.DeepClone() : null;
    }

    [GeneratedRegex(@"\b[Oo]nly (?<n>\d{1,6})\b")]
    private static partial Regex Ceiling();

    [GeneratedRegex(@"['""](?<value>[^'""]{1,80})['""]")]
    private static partial Regex Offered();
}
