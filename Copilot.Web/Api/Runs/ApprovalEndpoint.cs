using System.Text.Json;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Identity;
using Copilot.Web.Runs;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Copilot.Web.Api.Runs;

/// <summary><c>POST /api/runs/{id}/approvals/{call_id}</c>: approves or denies a call that waits for a person.</summary>
internal sealed class ApprovalEndpoint(DecideApproval decide, RunLookup lookup)
{
    private const int MaxReasonLength = 500;

    /// <summary>Answers the request, with 202 once the decision is committed.</summary>
    public async Task<IResult> HandleAsync(HttpContext context, ApiCaller caller, string runId, string callId)
    {
        var aborted = context.RequestAborted;
        if (await lookup.FindAsync(caller, runId, RunAction.Control, aborted) is not { } leased)
        {
            return ApiProblem.NotFound();
        }

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

        var choice = new ApprovalChoice(callId, body.Approve, body.Arguments, body.Reason);
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

    private static DecisionBody Read(JsonElement body)
    {
        var approve = RequestBody.OptionalText(body, "decision") switch
        {
            "approve" => true,
            "deny" => false,
            _ => throw new BodyException(ApiText.DecisionInvalid),
        };
        var reason = RequestBody.OptionalText(body, "reason");
        if (reason is { Length: > MaxReasonLength })
        {
            throw new BodyException(ApiText.TooLong("reason", MaxReasonLength));
        }

        string? arguments = null;
        if (body.TryGetProperty("arguments", out var given) && given.ValueKind is not JsonValueKind.Null)
        {
            arguments = !approve ? throw new BodyException(ApiText.ArgumentsWithDeny)
                : given.ValueKind is JsonValueKind.Object ? given.GetRawText()
                : throw new BodyException(ApiText.ArgumentsInvalid);
        }

        return new DecisionBody(approve, arguments, string.IsNullOrWhiteSpace(reason) ? null : reason);
    }

    private sealed record DecisionBody(bool Approve, string? Arguments, string? Reason);
}
