using Copilot.Domain.Runs;
using Copilot.Web.Identity;

namespace Copilot.Web.Api.Runs;

/// <summary><c>GET /api/runs/{id}</c>: a run, with <c>?wait=</c> once it has settled or waits for a person.</summary>
internal sealed class ReadEndpoint(RunLookup lookup, RunWait waits, RunDocuments documents)
{
    /// <summary>Answers the request.</summary>
    public async Task<IResult> HandleAsync(HttpContext context, ApiCaller caller, string id)
    {
        if (RunWait.Of(context.Request) is not { } wait)
        {
            return ApiProblem.BadRequest(ApiText.WaitInvalid(RunWait.MaxSeconds));
        }

        if (await lookup.FindAsync(caller, id, RunAction.View, context.RequestAborted) is not { } leased)
        {
            return ApiProblem.NotFound();
        }

        var run = leased.Run;
        if (wait > TimeSpan.Zero)
        {
            if (await waits.WaitAsync(caller, leased, wait, context.RequestAborted) is not { } waited)
            {
                return ApiProblem.NotFound();
            }

            run = waited.Run;
        }

        return TypedResults.Json(await documents.ReadAsync(run, context.RequestAborted), ApiJson.Default.Options);
    }
}
