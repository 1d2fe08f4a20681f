using Copilot.Domain.Costs;
using Copilot.Domain.Runs;
using Copilot.Web.Identity;
using Copilot.Web.Runs;

namespace Copilot.Web.Api.Runs;

/// <summary><c>POST /api/runs/{id}/budget</c>: lets a run cost more. What comes of it is seen in its events.</summary>
internal sealed class BudgetEndpoint(RaiseBudget raise, RunLookup lookup)
{
    /// <summary>Answers the request.</summary>
    public async Task<IResult> HandleAsync(HttpContext context, ApiCaller caller, string runId, JsonBody<RaiseBudgetBody> body)
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

        if (leased.Run.Budget is null)
        {
            return ApiProblem.Of(StatusCodes.Status409Conflict, ApiText.NoBudget);
        }

        var result = await raise.RaiseAsync(caller.User.Id, leased.Run, Money.ToMicros(asked.Amount!.Value), asked.Reason, aborted);
        return result.Accepted
            ? TypedResults.Json(RunReceipt.For(leased.Run), ApiJson.Default.Options, statusCode: StatusCodes.Status202Accepted)
            : CommandProblem.Of(result, conflict: ApiText.BudgetNotRaisable);
    }
}
