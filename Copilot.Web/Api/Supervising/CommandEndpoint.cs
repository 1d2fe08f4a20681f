using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Web.Api.Runs;
using Copilot.Web.Identity;
using Copilot.Web.Runs;
using Copilot.Web.Runs.Supervising;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Copilot.Web.Api.Supervising;

/// <summary><c>POST /api/runs/{id}/commands</c>: does something about a run, as the pages do. What comes of it is seen in its events.</summary>
internal sealed class CommandEndpoint(Intervene intervene, RunLookup lookup, TimeProvider time)
{
    /// <summary>Answers the request, with 202 once the command is committed.</summary>
    public async Task<IResult> HandleAsync(HttpContext context, ApiCaller caller, string runId, JsonBody<CommandBody> body)
    {
        var aborted = context.RequestAborted;
        if (await lookup.FindAsync(caller, runId, RunAction.View, aborted) is null)
        {
            return ApiProblem.NotFound();
        }

        if (!body.TryGet(out var asked, out var problem))
        {
            return problem;
        }

        var id = asked.Id ?? RunIds.New("cmd_", time);
        var request = new InterventionRequest
        {
            Verb = RunVerbNames.Find(asked.Verb)!.Value,
            Id = id,
            Reason = asked.Reason,
            ExpectedSeq = asked.ExpectedSeq,
            Text = asked.Data?.Text,
            CallId = asked.Data?.CallId,
            EditedArguments = asked.Data?.Arguments?.GetRawText(),
            RepeatUnknownTools = asked.Data?.RepeatUnknownTools is true,
        };
        var result = await intervene.DoAsync(caller.User.Id, runId, request, aborted);
        return result switch
        {
            { Accepted: true } => TypedResults.Json(
                new CommandReceipt(runId, id, asked.Verb!, result.Run?.RunId), ApiJson.Default.Options, statusCode: StatusCodes.Status202Accepted),
            { Code: RefusalCode.Invalid } => TypedResults.Problem(
                result.Problem,
                statusCode: StatusCodes.Status422UnprocessableEntity,
                extensions: [new("field", result.Problems[0].Field), new("errors", result.Problems.Select(one => one.Message))]),
            { Code: RefusalCode.Forbidden or RefusalCode.NeedsOther } => Problem(StatusCodes.Status403Forbidden, result),
            { Code: RefusalCode.Superseded or RefusalCode.AlreadyDecided } => Problem(StatusCodes.Status409Conflict, result),
            _ => CommandProblem.Of(result, conflict: result.Problem!),
        };
    }

    private static ProblemHttpResult Problem(int status, CommandResult result) => TypedResults.Problem(
        result.Problem,
        statusCode: status,
        extensions: result.First is not { } first ? [] :
        [
            new("first", new Dictionary<string, string?>
            {
                ["id"] = first.Id,
                ["name"] = first.Name,
                ["role"] = first.Role,
                ["verb"] = first.Verb,
                ["at"] = ApiTime.Format(first.At),
                ["reason"] = first.Reason,
            }),
        ]);
}
