using System.Globalization;
using System.Text;
using Copilot.Demo.Upstream.Model.Language;
using Copilot.Demo.Upstream.Model.Schemas;

namespace Copilot.Demo.Upstream.Model.Skills;

/// <summary>Answers questions about stock, customers and free slots, each from one call; several at once in parallel.</summary>
internal sealed class LookupSkill : ISkill
{
    public ModelPlan? TryPlan(ModelTurn turn)
    {
        var questions = Questions(turn);
        if (questions.Count == 0)
        {
            return null;
        }

        if (turn.Calls.LastOrDefault(call => !call.Succeeded) is { } failed
            && FailedCall.TryFix(turn, failed, new KnownFacts()) is { } better
            && turn.Calls[^1] == failed)
        {
            return new ModelPlan("The tool did not like an argument; I correct it and try once more.", [better]);
        }

        var open = questions
            .Where(question => turn.CallsTo(question.Role).Count <= question.Ordinal)
            .Select(question => (PlannedStep)question.Call)
            .ToList();
        return open.Count > 0
            ? new ModelPlan($"I look up {string.Join(" and ", questions.Select(question => question.About))}.", [.. open])
            : ModelPlan.Answer("I have what I need to answer.", Answer(turn, questions));
    }

    private static List<Question> Questions(ModelTurn turn)
    {
        var questions = new List<Question>();
        var task = turn.Task;
        var customer = Phrases.Customer(task);
        var period = Period.In(task, turn.Now);
        var slots = Phrases.HasAny(task, "slot*", "availab*", "free technician*", "technician*", "engineer*", "appointment*", "when can");
        if (Phrases.HasAny(task, "stock", "inventory", "how many", "spare*", "part", "parts", "warehouse", "do we have", "have we", "left"))
        {
            var parts = Phrases.Parts(task);
            if (parts.Count == 0 && turn.LatestRows(ToolRole.FindPart) is [var earlier, ..])
            {
                // "How many of those are left?" means the part mentioned before.
                parts = [Row.Title(earlier)];
            }
            else if (parts.Count == 0 && Phrases.HasAny(task, "parts", "spares", "inventory", "stock"))
            {
                parts = ["parts"];
            }

            foreach (var part in parts)
            {
                Ask(ToolRole.FindPart, $"the stock of {part}", new KnownFacts().Set("query", part));
            }
        }

        var asksForCustomer = Phrases.HasAny(task, "customer*", "contact*", "phone", "email", "address", "who is", "look up", "account", "client", "find");
        if (customer is not null && (asksForCustomer || (questions.Count == 0 && !slots && Phrases.HasAny(task, "about", "know", "details", "tell"))))
        {
            Ask(ToolRole.FindCustomer, customer, new KnownFacts().Set("query", customer));
        }

        if (slots)
        {
            Ask(
                ToolRole.FindSlots,
                "the free slots",
                new KnownFacts()
                    .AddRow(turn.LatestRows(ToolRole.FindCustomer) is [var known, ..] ? known : null)
                    .Set("from", period.FromText)
                    .Set("to", period.ToText));
        }

        return questions;

        void Ask(ToolRole role, string about, KnownFacts facts)
        {
            if (role.In(turn.Tools) is { } tool)
            {
                questions.Add(new Question(
                    role,
                    questions.Count(question => question.Role == role),
                    about,
                    new PlannedCall(tool.Name, new ArgumentFiller(turn, facts).Fill(tool))));
            }
        }
    }

    private static string Answer(ModelTurn turn, List<Question> questions)
    {
        var answer = new StringBuilder();
        foreach (var question in questions)
        {
            var calls = turn.CallsTo(question.Role);
            var outcome = questions.Count(other => other.Role == question.Role) > 1 ? calls[question.Ordinal] : calls[^1];
            if (answer.Length > 0)
            {
                answer.Append('\n');
            }

            answer.Append(Section(question, outcome));
        }

        return answer.ToString();
    }

    private static string Section(Question question, ToolOutcome outcome)
    {
        if (!outcome.Succeeded)
        {
            return $"I could not look up {question.About}:\n\n> {outcome.Complaint.ReplaceLineEndings(" ")}\n";
        }

        if (outcome.Rows.Count == 0)
        {
            return $"I found nothing for {question.About}.\n";
        }

        return outcome.Rows is [var only]
            ? $"For {question.About} I found one entry:\n\n{MarkdownTable.InFull(only)}"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"For {question.About} I found {outcome.Rows.Count} entries:\n\n{MarkdownTable.Of(outcome.Rows)}");
    }

    private sealed record Question(ToolRole Role, int Ordinal, string About, PlannedCall Call);
}
