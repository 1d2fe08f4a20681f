using System.Security.Claims;
using Copilot.Domain.Erasure;
using Copilot.Domain.Erasure.Records;
using Copilot.Domain.Erasure.Retention;
using Copilot.Web.Api.Runs;
using Copilot.Web.Identity;

namespace Copilot.Web.Api.Sessions;

/// <summary><c>DELETE /api/sessions/{id}</c> and the proof of what came of it.</summary>
internal sealed class EraseSession(ErasureService erasures)
{
    /// <summary>Takes the conversation off its owner's list and starts to forget it. Asking again changes nothing.</summary>
    public async Task<IResult> DeleteAsync(HttpContext context, ApiCaller caller, string sessionId)
    {
        ErasureRequest? request;
        try
        {
            request = await erasures.RequestAsync(caller.User.Id, sessionId, delete: true, context.RequestAborted);
        }
        catch (LegalHoldException held)
        {
            return ApiProblem.OfCode(StatusCodes.Status409Conflict, "legal_hold", held.Message);
        }

        if (request is null)
        {
            return ApiProblem.NotFound();
        }

        context.Response.Headers.Location = $"/api/sessions/{Uri.EscapeDataString(sessionId)}/forgetting";
        return await AnswerAsync(caller.User.Id, request.Id, StatusCodes.Status202Accepted, context.RequestAborted);
    }

    /// <summary>The state of the newest erasure request of the conversation.</summary>
    public async Task<IResult> ReadAsync(HttpContext context, ApiCaller caller, string sessionId) =>
        await erasures.FindAsync(caller.User.Id, sessionId, context.RequestAborted) is { } request
            ? await AnswerAsync(caller.User.Id, request.Id, StatusCodes.Status200OK, context.RequestAborted)
            : ApiProblem.NotFound();

    /// <summary>The same for a signed-in person, as a file to keep.</summary>
    public async Task<IResult> DownloadAsync(HttpContext context, string erasureId)
    {
        if (context.User.FindFirstValue(ClaimTypes.NameIdentifier) is not { } userId)
        {
            return ApiProblem.NotFound();
        }

        context.Response.Headers.ContentDisposition = $"attachment; filename=\"forgetting-{Uri.EscapeDataString(erasureId)}.json\"";
        return await AnswerAsync(userId, erasureId, StatusCodes.Status200OK, context.RequestAborted);
    }

    private async Task<IResult> AnswerAsync(string userId, string erasureId, int status, CancellationToken cancellationToken) =>
        await erasures.FindRecordAsync(userId, erasureId, cancellationToken) is { } evidence
            ? TypedResults.Json(ErasureDocument.From(evidence), ApiJson.Default.Options, statusCode: status)
            : ApiProblem.NotFound();
}
