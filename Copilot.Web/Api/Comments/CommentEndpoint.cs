using Copilot.Domain.Audit;
using Copilot.Web.Api.Runs;
using Copilot.Web.Audit;
using Copilot.Web.Identity;
using Copilot.Web.Identity.Administration;
using Copilot.Web.Runs;
using Copilot.Web.Runs.Comments;

namespace Copilot.Web.Api.Comments;

/// <summary><c>/api/runs/{id}/comments</c>: markers with comments at moments of a run, beside its log.</summary>
internal sealed class CommentEndpoint(RunComments comments, RequestReads reads)
{
    /// <summary>All of a run's, or those that are open or settled.</summary>
    public async Task<IResult> ListAsync(HttpContext context, ApiCaller caller, string runId)
    {
        if (await comments.FindRunAsync(caller.User.Id, runId, context.RequestAborted) is not { } run)
        {
            return ApiProblem.NotFound();
        }

        var state = context.Request.Query["state"].ToString();
        if (state is not ("" or "open" or "settled"))
        {
            return ApiProblem.BadRequest(ApiText.CommentStateInvalid);
        }

        await reads.RecordAsync(AccessActions.CommentsRead, caller.User.Id, run.RunId, run.UserId, context.RequestAborted);
        var threads = await comments.ReadAsync(caller.User.Id, runId, context.RequestAborted) ?? [];
        return TypedResults.Json(
            new CommentList([.. threads.Where(thread => state.Length == 0 || thread.IsOpen == (state == "open")).Select(CommentDocument.From)]), ApiJson.Default.Options);
    }

    /// <summary>Sets a marker, or replies to one.</summary>
    public async Task<IResult> AddAsync(HttpContext context, ApiCaller caller, string runId, JsonBody<CommentBody> body)
    {
        if (await comments.FindRunAsync(caller.User.Id, runId, context.RequestAborted) is null)
        {
            return ApiProblem.NotFound();
        }

        if (!body.TryGet(out var asked, out var problem))
        {
            return problem;
        }

        var change = asked.ReplyTo is { } marker
            ? await comments.ReplyAsync(By(context, caller), runId, marker, asked.Text!, asked.Id, context.RequestAborted)
            : await comments.AddAsync(By(context, caller), runId, asked.Seq, asked.Text!, asked.Id, context.RequestAborted);
        return await AnswerAsync(context, caller, runId, change, StatusCodes.Status201Created);
    }

    /// <summary>Edits one's own, settles a marker, or opens it again.</summary>
    public async Task<IResult> ChangeAsync(HttpContext context, ApiCaller caller, string runId, string commentId, JsonBody<CommentPatch> body)
    {
        if (await comments.FindRunAsync(caller.User.Id, runId, context.RequestAborted) is null)
        {
            return ApiProblem.NotFound();
        }

        if (!body.TryGet(out var asked, out var problem))
        {
            return problem;
        }

        return (asked.Text, asked.Settled) switch
        {
            ({ } text, null) => await AnswerAsync(
                context, caller, runId, await comments.EditAsync(By(context, caller), runId, commentId, text, context.RequestAborted), StatusCodes.Status200OK),
            (null, { } settled) => await AnswerAsync(
                context, caller, runId, await comments.SettleAsync(By(context, caller), runId, commentId, settled, context.RequestAborted), StatusCodes.Status200OK),
            _ => ApiProblem.BadRequest(ApiText.CommentPatchInvalid),
        };
    }

    /// <summary>Deletes one's own.</summary>
    public async Task<IResult> DeleteAsync(HttpContext context, ApiCaller caller, string runId, string commentId)
    {
        var change = await comments.DeleteAsync(By(context, caller), runId, commentId, context.RequestAborted);
        return change.Result.Accepted ? TypedResults.NoContent() : Problem(change.Result);
    }

    private async Task<IResult> AnswerAsync(HttpContext context, ApiCaller caller, string runId, CommentChange change, int status)
    {
        if (!change.Result.Accepted)
        {
            return Problem(change.Result);
        }

        // It may be gone again meanwhile.
        var threads = await comments.ReadAsync(caller.User.Id, runId, context.RequestAborted);
        return CommentDocument.Find(threads, change.CommentId!) is { } document
            ? TypedResults.Json(document, ApiJson.Default.Options, statusCode: status)
            : ApiProblem.NotFound();
    }

    private static IResult Problem(CommandResult result) => result switch
    {
        { Code: RefusalCode.Invalid, Problems: [{ Field: { } field }, ..] } => ApiProblem.OfField(StatusCodes.Status400BadRequest, field, result.Problem!),
        { Code: RefusalCode.Forbidden } => ApiProblem.Of(StatusCodes.Status403Forbidden, result.Problem!),
        { Problem: CommentText.Held } => ApiProblem.OfCode(StatusCodes.Status409Conflict, "legal_hold", result.Problem!),
        _ => CommandProblem.Of(result, conflict: result.Problem!),
    };

    private static ChangedBy By(HttpContext context, ApiCaller caller) => new(caller.User.Id, caller.User.DisplayName, CallerAddress.Of(context) ?? "API") { KeyId = caller.KeyId };
}
