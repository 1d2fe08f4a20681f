using Copilot.Domain.Audit;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Telemetry;
using Copilot.Web.Api.Runs;
using Copilot.Web.Audit;
using Copilot.Web.Identity;
using Copilot.Web.Runs;
using Copilot.Web.Runs.Forking;

namespace Copilot.Web.Api.Forking;

/// <summary><c>POST /api/runs/{id}/forks</c>: carries out a run again from a step on, in a new conversation of the caller's.</summary>
internal sealed class ForkEndpoint(ForkRun forks, RunLookup lookup, RequestReads reads)
{
    /// <summary>Answers the request.</summary>
    public async Task<IResult> HandleAsync(HttpContext context, ApiCaller caller, string runId, JsonBody<ForkBody> sent)
    {
        var aborted = context.RequestAborted;
        if (await lookup.FindAsync(caller, runId, RunAction.View, aborted) is null)
        {
            return ApiProblem.NotFound();
        }

        if (!StartEndpoint.TryReadIdempotencyKey(context.Request, out var key))
        {
            return ApiProblem.BadRequest(ApiText.KeyLength(IdempotentStart.MaxKeyLength));
        }

        if (!sent.TryGet(out var body, out var problem))
        {
            return problem;
        }

        var result = await forks.ForkAsync(
            new ForkRequest
            {
                Caller = new RunOwner(caller.User.Id, caller.User.TeamId),
                ApiKeyId = caller.KeyId,
                Trace = TraceParent.Read(context.Request.Headers[TraceParent.Header]),
                RunId = runId,
                Seq = body.Seq ?? 0,
                Message = body.Message,
                Arguments = body.ArgumentsText,
                Model = body.Model,
                Idempotency = key is null ? null : new IdempotencyKey(caller.KeyId, key, (byte[])[.. System.Text.Encoding.UTF8.GetBytes(runId + "\n"), .. sent.Bytes.Span]),
            },
            (source, seq) => reads.OfActAsync(AccessActions.RunForked, caller.User.Id, runId, source.UserId, ForkRunText.ForkedAt(seq), aborted),
            aborted,
            CancellationToken.None);
        if (result.Run is not { } run)
        {
            return result switch
            {
                { Code: RefusalCode.Invalid, Problems: [{ Field: { } field } first, ..] } => ApiProblem.OfField(StatusCodes.Status422UnprocessableEntity, field, first.Message),
                { Code: RefusalCode.Forbidden } => ApiProblem.Of(StatusCodes.Status403Forbidden, result.Problem!),
                _ => CommandProblem.Of(result, conflict: result.Problem ?? ForkRunText.Deleted),
            };
        }

        context.Response.Headers.Location = RunReceipt.RunPath(run.RunId);
        return TypedResults.Json(RunReceipt.For(run), ApiJson.Default.Options, statusCode: StatusCodes.Status202Accepted);
    }
}
