using Copilot.Demo.Upstream.Model.Language;
using Copilot.Demo.Upstream.Model.Schemas;

namespace Copilot.Demo.Upstream.Model.Skills;

/// <summary>Asks a supervisor when the person wants a human, or has had enough of this.</summary>
internal sealed class HelpSkill : ISkill
{
    private const int LongestQuote = 300;

    public ModelPlan? TryPlan(ModelTurn turn)
    {
        if (ToolRole.AskForHelp.In(turn.Tools) is not { } tool || !(WantsHuman(turn.Task) || IsAngry(turn.Task)))
        {
            return null;
        }

        if (turn.CallsTo(ToolRole.AskForHelp) is not [.., var asked])
        {
            var why = WantsHuman(turn.Task) ? "The person asks for a human" : "The person is upset";
            var reason = $"{why}: “{Quote(turn.Task)}”";
            return new ModelPlan(
                $"{why}, so I ask a supervisor.", [new PlannedCall(tool.Name, new ArgumentFiller(turn, new KnownFacts().Set("reason", reason)).Fill(tool))]);
        }

        return asked.Succeeded
            ? ModelPlan.Answer(
                "I have asked a supervisor to help you here. You will see it in this conversation as soon as somebody takes it on. "
                + "Until then I can go on: tell me what you need, and I will do what I can.")
            : FailedCall.Report(asked, string.Empty);
    }

    private static string Quote(string task) => (task.Length <= LongestQuote ? task : task[..LongestQuote]).ReplaceLineEndings(" ").Trim();

    private static bool WantsHuman(string task) =>
        Phrases.HasAny(task, "talk to", "speak to", "speak with", "talk with", "get me", "want", "need", "ask", "connect me")
        && Phrases.HasAny(task, "a human", "real person", "a person", "a supervisor", "your supervisor", "my supervisor", "your manager", "somebody real", "someone real");

    private static bool IsAngry(string task) => Phrases.HasAny(
        task, "useless", "ridiculous", "unacceptable", "fed up", "angry", "furious", "waste of time", "had enough", "rubbish");
}
