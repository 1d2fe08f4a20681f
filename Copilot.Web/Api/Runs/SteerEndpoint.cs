using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Web.Identity;
using Copilot.Web.Runs;

namespace Copilot.Web.Api.Runs;

/// <summary><c>POST /api/runs/{id}/steer</c>: tells the agent something while it works. What comes of it is seen in the run's events.</summary>
internal sealed class SteerEndpoint(SteerRun steer, RunLookup lookup, TimeProvider time)
{
    /// <summary>Answers the request.</summary>
    public async Task<IResult> HandleAsync(HttpContext context, ApiCaller caller, string runId, JsonBody<SteerBody> body)
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

        var steerId = asked.Id ?? RunIds.New("say_", time);
        var result = await steer.SteerAsync(caller.User.Id, leased.Run, steerId, asked.Text!, asked.Reason, aborted);
        return result.Accepted
            ? TypedResults.Json(new SteerReceipt(runId, steerId), ApiJson.Default.Options, statusCode: StatusCodes.Status202Accepted)
            : CommandProblem.Of(result, conflict: ApiText.NotSteerable);
    }
}

/// <summary>A message that was saved for a run.</summary>
internal sealed record SteerReceipt(string RunId, string SteerId);
