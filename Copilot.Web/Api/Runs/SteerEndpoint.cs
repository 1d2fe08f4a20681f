using System.Text.Json;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Web.Identity;
using Copilot.Web.Runs;

namespace Copilot.Web.Api.Runs;

/// <summary><c>POST /api/runs/{id}/steer</c>: tells the agent something while it works. What comes of it is seen in the run's events.</summary>
internal sealed class SteerEndpoint(SteerRun steer, RunLookup lookup, TimeProvider time)
{
    /// <summary>Answers the request.</summary>
    public async Task<IResult> HandleAsync(HttpContext context, ApiCaller caller, string runId)
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

        var steerId = body.Id ?? RunIds.New("say_", time);
        var result = await steer.SteerAsync(caller.User.Id, leased.Run, steerId, body.Text, aborted);
        return result.Accepted
            ? TypedResults.Json(new SteerReceipt(runId, steerId), ApiJson.Default.Options, statusCode: StatusCodes.Status202Accepted)
            : CommandProblem.Of(result, conflict: ApiText.NotSteerable);
    }

    private static SteerBody Read(JsonElement body)
    {
        var text = RequestBody.OptionalText(body, "text");
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new BodyException(ApiText.SteerTextMissing);
        }

        var id = RequestBody.OptionalText(body, "id");
        return id is null || SteerRun.IsId(id)
            ? new SteerBody(text, id)
            : throw new BodyException(ApiText.SteerIdInvalid(SteerRun.MaxIdLength));
    }

    private sealed record SteerBody(string Text, string? Id);
}

/// <summary>Words that were kept for a run.</summary>
internal sealed record SteerReceipt(string RunId, string SteerId);
