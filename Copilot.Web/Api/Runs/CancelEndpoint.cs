using Copilot.Domain.Runs;
using Copilot.Web.Identity;
using Copilot.Web.Runs;

namespace Copilot.Web.Api.Runs;

/// <summary><c>POST /api/runs/{id}/cancel</c>: asks a run to stop. What comes of it is seen in its events.</summary>
internal sealed class CancelEndpoint(RunControl control, RunLookup lookup)
{
    /// <summary>Answers the request.</summary>
    public async Task<IResult> HandleAsync(HttpContext context, ApiCaller caller, string runId, JsonBody<CancelBody> body)
    {
        var aborted = context.RequestAborted;
        if (await lookup.FindAsync(caller, runId, RunAction.Control, aborted) is not { } leased)
        {
            return ApiProblem.NotFound();
        }

        if (body.Problem is { } problem)
        {
            return problem;
        }

        var result = await control.StopAsync(caller.User.Id, leased.Run, body.Value?.Reason, aborted);
        return result.Accepted
            ? TypedResults.Json(RunReceipt.For(leased.Run), ApiJson.Default.Options, statusCode: StatusCodes.Status202Accepted)
            : CommandProblem.Of(result, conflict: ApiText.RunHasEnded);
    }
}
