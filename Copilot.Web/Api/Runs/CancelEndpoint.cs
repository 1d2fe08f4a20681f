using System.Text.Json;
using Copilot.Domain.Runs;
using Copilot.Web.Identity;
using Copilot.Web.Runs;

namespace Copilot.Web.Api.Runs;

/// <summary><c>POST /api/runs/{id}/cancel</c>: asks a run to stop. What comes of it is seen in its events.</summary>
internal sealed class CancelEndpoint(RunControl control, RunLookup lookup)
{
    private const int MaxReasonLength = 500;

    /// <summary>Answers the request.</summary>
    public async Task<IResult> HandleAsync(HttpContext context, ApiCaller caller, string runId)
    {
        var aborted = context.RequestAborted;
        if (await lookup.FindAsync(caller, runId, RunAction.Control, aborted) is not { } leased)
        {
            return ApiProblem.NotFound();
        }

        string? reason = null;
        if (HasBody(context.Request))
        {
            var (bytes, problem) = await RequestBody.ReadAsync(context.Request, aborted);
            if (problem is not null)
            {
                return problem;
            }

            (var body, problem) = RequestBody.Parse(bytes, Read);
            if (body is null)
            {
                return problem!;
            }

            reason = body.Reason;
        }

        var result = await control.StopAsync(caller.User.Id, leased.Run, reason, aborted);
        return result.Accepted
            ? TypedResults.Json(RunReceipt.For(leased.Run), ApiJson.Default.Options, statusCode: StatusCodes.Status202Accepted)
            : CommandProblem.Of(result, conflict: ApiText.RunHasEnded);
    }

    // A client that sends no body may still say what type it would have been.
    private static bool HasBody(HttpRequest request) =>
        request.ContentLength > 0 || request.Headers.TransferEncoding.Count > 0;

    private static CancelBody Read(JsonElement body)
    {
        var reason = RequestBody.OptionalText(body, "reason");
        return reason is { Length: > MaxReasonLength }
            ? throw new BodyException(ApiText.TooLong("reason", MaxReasonLength))
            : new CancelBody(reason);
    }

    private sealed record CancelBody(string? Reason);
}
