using System.Text.Json;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Web.Identity;

namespace Copilot.Web.Api.Runs;

/// <summary><c>POST /api/runs/{id}/steer</c>: tells the agent something while it works. What comes of it is seen in the run's events.</summary>
internal sealed class SteerRun(IRuns runs, RunLookup lookup, TimeProvider time)
{
    private const int MaxIdLength = 64;

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
        try
        {
            return await runs.SendAsync(runId, new RunCommand.Steer(leased.Lease.Actor, steerId, body.Text), aborted) switch
            {
                CommandOutcome.Accepted => TypedResults.Json(
                    new SteerReceipt(runId, steerId), ApiJson.Default.Options, statusCode: StatusCodes.Status202Accepted),
                CommandOutcome.NotFound => ApiProblem.NotFound(),
                _ => ApiProblem.Of(StatusCodes.Status409Conflict, ApiText.NotSteerable),
            };
        }
        catch (ArgumentException exception)
        {
            // The one exception whose text is meant for the caller (IRuns.SendAsync).
            return ApiProblem.BadRequest(exception.Message);
        }
    }

    private static SteerBody Read(JsonElement body)
    {
        var text = RequestBody.OptionalText(body, "text");
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new BodyException(ApiText.SteerTextMissing);
        }

        var id = RequestBody.OptionalText(body, "id");
        return id is null or { Length: > 0 and <= MaxIdLength } && (id is null || id.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.'))
            ? new SteerBody(text, id)
            : throw new BodyException(ApiText.SteerIdInvalid(MaxIdLength));
    }

    private sealed record SteerBody(string Text, string? Id);
}

/// <summary>Words that were kept for a run.</summary>
internal sealed record SteerReceipt(string RunId, string SteerId);
