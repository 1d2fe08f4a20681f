using Copilot.Demo.Upstream.Model.Language;

namespace Copilot.Demo.Upstream.Model.Skills;

/// <summary>Declines when it is asked to, or asked for what no service company's assistant should help with.</summary>
internal sealed class RefusalSkill : ISkill
{
    public ModelPlan? TryPlan(ModelTurn turn) =>
        Phrases.HasAny(turn.Task, "refuse", "refusal") || (Phrases.HasAny(turn.Task, "bypass", "disable", "defeat") && Phrases.HasAny(turn.Task, "safety", "interlock*"))
            ? new ModelPlan(
                "This would put people in danger, so I decline.",
                [new PlannedRefusal("I can't help with that: it would put people on site at risk. I can explain how the safety device works or book a technician to look at it.")])
            : null;
}
