using Copilot.Domain.Runs;
using Copilot.Web.Identity;
using Copilot.Web.Runs;

namespace Copilot.Web.Api.Runs;

/// <summary><c>POST /api/runs/{id}/questions/{call_id}</c>: answers a question of the agent.</summary>
internal sealed class QuestionEndpoint(AnswerQuestion answer, RunLookup lookup)
{
    /// <summary>Answers the request, with 202 once the answer is committed.</summary>
    public async Task<IResult> HandleAsync(HttpContext context, ApiCaller caller, string runId, string callId, JsonBody<AnswerBody> body)
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

        var result = await answer.AnswerAsync(caller.User.Id, leased.Run, callId, asked.Answer!, asked.Reason, aborted);
        return result.Accepted
            ? TypedResults.Json(RunReceipt.For(leased.Run), ApiJson.Default.Options, statusCode: StatusCodes.Status202Accepted)
            : CommandProblem.Of(result, conflict: ApiText.QuestionNotWaiting);
    }
}
