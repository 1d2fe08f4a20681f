using System.Collections.Immutable;
using Copilot.Demo.Upstream.Model.Language;
using Copilot.Demo.Upstream.Model.Schemas;
using Copilot.Demo.Upstream.Model.Skills;
using Copilot.Demo.Upstream.Protocol;
namespace Copilot.Demo.Upstream.Model;

/// <summary>
/// The scripted model: it reads the whole conversation and decides the next response by rules, the same for the same
/// conversation and time. It has no state between responses.
/// </summary>
internal sealed class DemoModel(TimeProvider time)
{
    // A safety limit: no task of this model takes more.
    private const int MaxCalls = 24;

    private static readonly ISkill[] s_skills =
    [
        new TitleSkill(),
        new RefusalSkill(),
        new HelpSkill(),
        new WebSearchSkill(),
        new FileSearchSkill(),
        new InterpreterSkill(),
        new McpSkill(),
        new SqlSkill(),
        new BookingSkill(),
        new ReserveSkill(),
        new OrderSkill(),
        new NoteSkill(),
        new ShowcaseSkill(),
        new DrawSkill(),
        new CodeSkill(),
        new RecallSkill(),
        new LookupSkill(),
        new AnyToolSkill(),
        new IntroductionSkill(),
    ];

    public ModelPlan Plan(CreateRequest request, ImmutableArray<ConversationItem> context)
    {
        var turn = ModelTurn.Of(request, context, time.GetUtcNow());
        var plan = ScriptedResponse.Read(request.Metadata) is { } script
            ? script.Plan(turn)
            : McpTalk.TryPlan(request, turn, context) ?? BySkill(turn);
        while (plan is null)
        {
            // A steer message that is not a separate task belongs to the current one.
            turn = ModelTurn.Of(request, context, time.GetUtcNow(), turn.SteeringMessage!.Value);
            plan = BySkill(turn);
        }

        return Format(CallPhrases.AddTo(ForceTool(plan, request.ToolChoice, turn), turn), request, turn);
    }

    /// <summary>The plan of the first skill that has one; null if only the fallback has one and the task is a steer message.</summary>
    private static ModelPlan? BySkill(ModelTurn turn)
    {
        if (turn.Files.Count > 0 && string.IsNullOrWhiteSpace(turn.Task))
        {
            return ModelPlan.Answer(FileReport.Of(turn.Files));
        }

        var (skill, plan) = s_skills.Select(skill => (Skill: skill, Plan: skill.TryPlan(turn)!)).First(candidate => candidate.Plan is not null);
        if (skill is IntroductionSkill && turn.SteeringMessage is not null)
        {
            return null;
        }

        plan = FileReport.Prepend(plan, turn.Files, alone: skill is IntroductionSkill);
        if (turn.Calls.Count >= MaxCalls && plan.Steps.OfType<PlannedCall>().Any())
        {
            return ModelPlan.Answer("I have called tools many times for this and do not get further, so I stop here. "
                + "Tell me what to change and I will try again.");
        }

        return turn.ParallelToolCalls || plan.Steps.OfType<PlannedCall>().Count() < 2 ? plan : plan with { Steps = [plan.Steps[0]] };
    }

    // A forced call replaces the plan; its arguments are filled from what is known.
    private static ModelPlan ForceTool(ModelPlan plan, ToolChoice choice, ModelTurn turn)
    {
        if (!choice.MustCall || turn.Tools.IsEmpty || plan.Steps.OfType<PlannedCall>().Any())
        {
            return plan;
        }

        var tool = AnyToolSkill.BestMatch(turn) ?? turn.Tools[0];
        return new ModelPlan("A tool call was asked for.", [new PlannedCall(tool.Name, AnyToolSkill.Arguments(turn, tool))]);
    }

    private static ModelPlan Format(ModelPlan plan, CreateRequest request, ModelTurn turn)
    {
        if (request.AnswerSchema is not { } schema || plan.Steps.Any(step => step is PlannedCall or PlannedCustomCall or PlannedMcpApproval or PlannedRefusal))
        {
            return plan;
        }

        var facts = new KnownFacts();
        foreach (var call in turn.Calls)
        {
            facts.AddRow(call.Rows.Count > 0 ? call.Rows[0] : null);
        }

        var instance = new SchemaInstance(schema, new SchemaHints(turn.Task, facts.Find, turn.Now)).Make();
        return plan with { Steps = [new PlannedMessage(instance is null ? "null" : JsonText.Write(instance))] };
    }
}
