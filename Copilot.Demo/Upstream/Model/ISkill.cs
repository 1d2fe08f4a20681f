namespace Copilot.Demo.Upstream.Model;

/// <summary>One thing the model can do. The first skill that has a plan for the turn is used.</summary>
internal interface ISkill
{
    /// <summary>The next step, or null when the task is not one of this skill's.</summary>
    ModelPlan? TryPlan(ModelTurn turn);
}
