using Copilot.Web.Api.Finding;
using Copilot.Web.Api.Forking;
using Copilot.Web.Api.Streaming;
using Copilot.Web.Api.Supervising;
using Copilot.Web.Security;
using Microsoft.OpenApi;
using static Copilot.Web.Api.CopilotApi;

namespace Copilot.Web.Api.Runs;

/// <summary>The addresses of the API for starting, reading, following and steering runs.</summary>
internal static class RunRoutes
{
    /// <summary>Maps them below <c>/api</c>.</summary>
    public static void MapRuns(this RouteGroupBuilder api)
    {
        api.MapPost("/runs", (HttpContext context, StartEndpoint create, JsonBody<CreateRunBody> body) =>
                create.HandleAsync(context, Caller(context), body))
            .WithSummary("Starts a run.")
            .Needs(ApiScopes.RunsWrite)
            .RequireRateLimiting(RequestLimits.Runs)
            .Takes(ParameterLocation.Query, "wait", "Seconds to wait until the run is settled or waits for a person, 0 to 100, of which at most 50 are waited; then the answer is the run, with 200.")
            .Takes(ParameterLocation.Header, "Idempotency-Key", "The same key with the same body starts one run in 24 hours.")
            .Answers<RunDocument>(200)
            .Answers<RunReceipt>(202, 400, 404, 409, 413, 415, 422, 429, 503);
        api.MapGet("/runs", (HttpContext context, ListEndpoint list) => list.RunsAsync(context, Caller(context)))
            .WithSummary("Lists and searches runs.")
            .Needs(ApiScopes.RunsRead)
            .TakesRunList()
            .Answers<RunListDocument>(200, 400, 404, 503);
        api.MapGet("/runs/{id}", (HttpContext context, ReadEndpoint read, string id) => read.HandleAsync(context, Caller(context), id))
            .WithSummary("A run.")
            .Needs(ApiScopes.RunsRead)
            .Takes(ParameterLocation.Query, "wait", "Seconds to wait until the run is settled or waits for a person, 0 to 100, of which at most 50 are waited; then the answer is the run as it is.")
            .Answers<RunDocument>(200, 400, 404);
        api.MapGet("/runs/{id}/events", (HttpContext context, RunEventStream stream, string id) => stream.HandleAsync(context, Caller(context), id))
            .WithSummary("A run's events as server-sent events: id is their number, data one JSON object each.")
            .Needs(ApiScopes.RunsRead)
            .RequireRateLimiting(RequestLimits.Streams)
            .Takes(ParameterLocation.Query, "after", "The number of the last event that is known; Last-Event-ID says the same.")
            .Takes(ParameterLocation.Query, "event_names", "true gives each message the event's type as its name, so that an EventSource can listen to some of them; without it they are unnamed.")
            .Produces(200, contentType: "text/event-stream").Produces(204).Refuses(400, 404, 429);
        api.MapPost("/runs/{id}/forks", (HttpContext context, ForkEndpoint fork, string id, JsonBody<ForkBody> body) =>
                fork.HandleAsync(context, Caller(context), id, body))
            .WithSummary("Carries out a run again from a step on, in a new conversation of the caller's.")
            .Needs(ApiScopes.RunsWrite)
            .RequireRateLimiting(RequestLimits.Runs)
            .Takes(ParameterLocation.Header, "Idempotency-Key", "The same key with the same body starts one run in 24 hours.")
            .Answers<RunReceipt>(202, 400, 404, 409, 413, 415, 422, 429, 503);
        api.MapPost("/runs/{id}/steer", (HttpContext context, SteerEndpoint steer, string id, JsonBody<SteerBody> body) =>
                steer.HandleAsync(context, Caller(context), id, body))
            .WithSummary("Sends a message to an agent while it works.")
            .Needs(ApiScopes.RunsWrite)
            .Answers<SteerReceipt>(202, 400, 404, 409, 413, 415, 503);
        api.MapPost("/runs/{id}/cancel", (HttpContext context, CancelEndpoint cancel, string id, [OptionalBody] JsonBody<CancelBody> body) =>
                cancel.HandleAsync(context, Caller(context), id, body))
            .WithSummary("Cancels a run.")
            .Needs(ApiScopes.RunsWrite)
            .Answers<RunReceipt>(202, 400, 404, 409, 413, 415, 503);
        api.MapPost("/runs/{id}/approvals/{callId}", (HttpContext context, ApprovalEndpoint decide, string id, string callId, JsonBody<DecisionBody> body) =>
                decide.HandleAsync(context, Caller(context), id, callId, body))
            .WithSummary("Approves or denies a tool call that waits for a person.")
            .Needs(ApiScopes.RunsWrite)
            .Answers<RunReceipt>(202, 400, 404, 409, 413, 415, 422, 503);
        api.MapPost("/runs/{id}/commands", (HttpContext context, CommandEndpoint command, string id, JsonBody<CommandBody> body) =>
                command.HandleAsync(context, Caller(context), id, body))
            .WithSummary("Does something about a run: stop, pause, resume, say, approve, deny, take over, write, hand back, cancel a call, retry.")
            .Needs(ApiScopes.RunsWrite)
            .Answers<CommandReceipt>(202, 400, 403, 404, 409, 413, 415, 422, 429, 503);
        api.MapPost("/runs/{id}/questions/{callId}", (HttpContext context, QuestionEndpoint answer, string id, string callId, JsonBody<AnswerBody> body) =>
                answer.HandleAsync(context, Caller(context), id, callId, body))
            .WithSummary("Answers a question of the agent.")
            .Needs(ApiScopes.RunsWrite)
            .Answers<RunReceipt>(202, 400, 404, 409, 413, 415, 503);
        api.MapPost("/runs/{id}/budget", (HttpContext context, BudgetEndpoint raise, string id, JsonBody<RaiseBudgetBody> body) =>
                raise.HandleAsync(context, Caller(context), id, body))
            .WithSummary("Raises a run's budget.")
            .Needs(ApiScopes.RunsWrite)
            .Answers<RunReceipt>(202, 400, 404, 409, 413, 415, 503);
    }
}
