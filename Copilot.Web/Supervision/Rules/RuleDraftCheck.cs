using Copilot.Domain.Supervision.Rules;
using Copilot.Web.Runs;
using Copilot.Web.Storage;
using Copilot.Web.Supervision.Incident;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Supervision.Rules;

/// <summary>What is wrong with a draft for its writer, or the rule that it would be: for a trial and for saving it.</summary>
internal sealed class RuleDraftCheck(IDbContextFactory<CopilotDbContext> contexts, LeverTargets targets)
{
    /// <summary>Checks a draft that may still be without a name.</summary>
    /// <param name="scope">The writer.</param>
    /// <param name="draft">What they want.</param>
    /// <param name="ruleId">The rule that is changed; empty for a trial.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public async Task<(SupervisionRule? Rule, CommandResult Result)> CheckAsync(
        SupervisorScope scope, RuleDraft draft, string ruleId, CancellationToken cancellationToken)
    {
        if (RuleCheck.Of(draft.Condition, draft.Effect) is { } problem)
        {
            return (null, CommandResult.Refused(RefusalCode.Invalid, problem.Sentence, problem.Field));
        }

        if (scope.TeamId is { } own && draft.TeamId is { } wanted && wanted != own)
        {
            return (null, CommandResult.Refused(RefusalCode.Invalid, SupervisionRulesText.OtherTeam, "team_id"));
        }

        var rule = new SupervisionRule(ruleId, 1, draft.Name.Trim(), draft.Condition, draft.Effect) { TeamId = scope.TeamId ?? draft.TeamId, Agent = draft.Agent };
        if (rule.Agent is { } agent && !(await targets.ReadAgentsAsync(cancellationToken)).Any(one => one.Name == agent))
        {
            return (null, CommandResult.Refused(RefusalCode.Invalid, SupervisionRulesText.UnknownAgent, "agent"));
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return rule.TeamId is { } team && !await db.Teams.AnyAsync(one => one.Id == team, cancellationToken)
            ? (null, CommandResult.Refused(RefusalCode.Invalid, SupervisionRulesText.UnknownTeam, "team_id"))
            : (rule, CommandResult.Done);
    }

    /// <summary>As <see cref="CheckAsync"/>, for a rule that is to be saved: it needs a name.</summary>
    public async Task<(SupervisionRule? Rule, CommandResult Result)> CheckNamedAsync(
        SupervisorScope scope, RuleDraft draft, string ruleId, CancellationToken cancellationToken) => RuleCheck.OfName(draft.Name) is { } problem
            ? (null, CommandResult.Refused(RefusalCode.Invalid, problem.Sentence, problem.Field))
            : await CheckAsync(scope, draft, ruleId, cancellationToken);
}
