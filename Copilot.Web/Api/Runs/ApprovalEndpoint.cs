using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Identity;
using Copilot.Web.Runs;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Copilot.Web.Api.Runs;

/// <summary><c>POST /api/runs/{id}/approvals/{call_id}</c>: approves or denies a call that waits for a person.</summary>
internal sealed class ApprovalEndpoint(DecideApproval decide, RunLookup lookup)
{
    /// <summary>Answers the request, with 202 once the decision is committed.</summary>
    public async Task<IResult> HandleAsync(HttpContext context, ApiCaller caller, string runId, string callId, JsonBody<DecisionBody> body)
    {
        var aborted = context.RequestAborted;
        if (await lookup.FindAsync(caller, runId, RunAction.Control, aborted) is not { } leased)
        {
            return ApiProblem.NotFound();
        }

        if (!body.TryGet(out var asked, out var problem))
        {
            return problem;
        }

        // Answered as for every other command; the arguments of a call may have a 'reason' of their own.
        if (RunReason.ProblemOf(caller.User.Id, leased.Run, asked.Reason) is { } unsaid)
        {
            return CommandProblem.Of(unsaid, conflict: ApiText.NotWaiting);
        }

        var choice = new ApprovalChoice(callId, asked.IsApproval, asked.Arguments?.GetRawText(), asked.Reason);
        var result = await decide.DecideAsync(caller.User.Id, leased.Run, choice, aborted);
        return result switch
        {
            { Accepted: true } => TypedResults.Json(
                RunReceipt.For(leased.Run), ApiJson.Default.Options, statusCode: StatusCodes.Status202Accepted),
            { Code: RefusalCode.Invalid } => TypedResults.Problem(
                string.Join(" ", result.Problems.Select(problem => problem.Message)),
                statusCode: StatusCodes.Status422UnprocessableEntity,
                extensions: [new("errors", result.Problems.Select(problem => problem.Message))]),
            { Decision: { } earlier } => Conflict(earlier),
            _ => CommandProblem.Of(result, conflict: ApiText.NotWaiting),
        };
    }

    private static ProblemHttpResult Conflict(ApprovalDecision decision)
    {
        var answer = decision.Answer switch
        {
            ApprovalAnswer.Approved => "approved",
            ApprovalAnswer.Denied => "denied",
            _ => "expired",
        };
        var by = decision.Actor is { } actor ? new Dictionary<string, string> { ["id"] = actor.Id, ["role"] = actor.Role } : null;
        return TypedResults.Problem(
            decision.Actor is { } person ? ApiText.AlreadyDecided(answer, person.Id) : ApiText.AlreadyOver(answer),
            statusCode: StatusCodes.Status409Conflict,
            extensions: [new("decision", answer), new("decided_by", by), new("decided_at", ApiTime.Format(decision.At))]);
    }
}
