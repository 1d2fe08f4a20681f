using System.Globalization;
using System.Text.RegularExpressions;
using Copilot.Demo.Upstream.Model.Hosted;
using Copilot.Demo.Upstream.Model.Language;
namespace Copilot.Demo.Upstream.Model.Skills;

/// <summary>Evaluates an expression, or the mean of given numbers, by code; draws a chart on request.</summary>
internal sealed partial class InterpreterSkill : ISkill
{
    private const int MaxNumbers = 24;

    public ModelPlan? TryPlan(ModelTurn turn)
    {
        if (!turn.Has("code_interpreter")
            || !(Phrases.HasAny(turn.Task, "calculate", "compute", "plot", "chart") || (Phrases.Has(turn.Task, "python") && Phrases.HasAny(turn.Task, "run", "use"))))
        {
            return null;
        }

        return Arithmetic.Find(turn.Task) is { } sum ? Sum(sum) : Numbers(turn.Task);
    }

    private static ModelPlan Sum(string sum)
    {
        var result = Arithmetic.Print(Arithmetic.Work(sum)!.Value);
        return new ModelPlan(
            "I let Python work that out.",
            [
                new PlannedCode($"result = {sum}\nprint(result)\n", $"{result}\n", null),
                new PlannedMessage($"`{sum}` is **{result}**."),
            ]);
    }

    private static ModelPlan Numbers(string task)
    {
        var numbers = Number().Matches(task).Take(MaxNumbers)
            .Select(match => double.Parse(match.Value, CultureInfo.InvariantCulture)).ToList();
        if (numbers.Count < 2)
        {
            numbers = [12, 19, 7, 23, 16, 11];
        }

        var list = string.Join(", ", numbers.Select(Arithmetic.Print));
        var mean = Arithmetic.Print(Math.Round(numbers.Average(), 4));
        var draws = Phrases.HasAny(task, "plot", "chart", "draw");
        var code = "from statistics import mean\n"
            + (draws ? "import matplotlib.pyplot as plt\n" : string.Empty)
            + $"\nvalues = [{list}]\nprint(\"mean\", round(mean(values), 4))\nprint(\"largest\", max(values))\n"
            + (draws ? "plt.bar(range(len(values)), values)\nplt.savefig(\"chart.png\")\n" : string.Empty);
        var logs = $"mean {mean}\nlargest {Arithmetic.Print(numbers.Max())}\n";
        var text = new CitedText().Append($"The mean of {numbers.Count} values is **{mean}** and the largest is **{Arithmetic.Print(numbers.Max())}**.");
        if (draws)
        {
            text.Append(" The chart is in ").CiteContainerFile("chart.png", PlannedCode.Container, InterpreterChart.IdOf(numbers), "chart.png").Append(".");
        }

        return new ModelPlan(
            "I let Python work that out.",
            [new PlannedCode(code, logs, draws ? Paintings.Bars(numbers) : null), text.ToMessage()]);
    }

    [GeneratedRegex(@"(?<![\w.])\d{1,9}(?:\.\d{1,6})?(?![\w])")]
    private static partial Regex Number();
}
