using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Api.Callbacks;
using Copilot.Web.Api.Comments;
using Copilot.Web.Api.Finding;
using Copilot.Web.Api.Forking;
using Copilot.Web.Api.Incident;
using Copilot.Web.Api.Live;
using Copilot.Web.Api.Personal;
using Copilot.Web.Api.Retention;
using Copilot.Web.Api.Rules;
using Copilot.Web.Api.Runs;
using Copilot.Web.Api.Sessions;
using Copilot.Web.Api.Supervising;
using Copilot.Web.Files;
using Copilot.Web.Identity;
using Copilot.Web.Security;
using Microsoft.OpenApi;

namespace Copilot.Web.Api;

/// <summary>The HTTP API: starts, reads, follows and cancels runs with a Bearer API key.</summary>
internal static class CopilotApi
{
    /// <summary>Registers what the endpoints need beyond storage, identity and the runs themselves.</summary>
    public static IServiceCollection AddCopilotApi(this IServiceCollection services)
    {
        services.AddValidation();
        services.AddApiDescription();
        services.AddSingleton<RunCompletionWaiter>();
        services.AddSingleton<RunLookup>();
        services.AddSingleton<AccessWatches>();
        services.AddSingleton<RunEventStream>();
        services.AddSingleton<LiveStream>();
        services.AddSingleton<StartEndpoint>();
        services.AddSingleton<ForkEndpoint>();
        services.AddSingleton<ReadEndpoint>();
        services.AddSingleton<RunWait>();
        services.AddSingleton<RunDocuments>();
        services.AddCallbacks();
        services.AddSingleton<SteerEndpoint>();
        services.AddSingleton<CancelEndpoint>();
        services.AddSingleton<ApprovalEndpoint>();
        services.AddSingleton<CommandEndpoint>();
        services.AddSingleton<FileApi>();
        services.AddSingleton<EraseSession>();
        services.AddSingleton<PersonDataEndpoint>();
        services.AddSingleton<BudgetEndpoint>();
        services.AddSingleton<QuestionEndpoint>();
        services.AddSingleton<GetSession>();
        services.AddSingleton<LeverEndpoint>();
        services.AddSingleton<RetentionEndpoint>();
        services.AddSingleton<RuleEndpoint>();
        services.AddSingleton<CommentEndpoint>();
        services.AddSingleton<ListEndpoint>();
        services.AddSingleton<RunsCsv>();
        services.AddSingleton<RunImages>();
        return services;
    }

    /// <summary>Maps <c>/api</c>.</summary>
    public static IEndpointRouteBuilder MapCopilotApi(this IEndpointRouteBuilder routes)
    {
        // Cookies play no part here, so neither do forged forms.
        var api = routes.MapGroup("/api").RequireAuthorization(ApiKeyHandler.Policy).DisableAntiforgery();
        api.AddEndpointFilter(ApiProblem.FilterAsync);
        MapRuns(api);
        MapComments(api);
        MapLive(api);
        MapFiles(api);
        MapSessions(api);
        MapLevers(api);
        MapRules(api);
        MapRetention(api);

        // Else an address that is wrong would be answered by the screens.
        api.Map("/{**rest}", ApiProblem.NotFound).ExcludeFromDescription();
        routes.MapApiDescription();

        // A link on a page, so by cookie. It is only read, and only for whom the service allows it.
        routes.MapGet("/forgetting/{id}.json", (HttpContext context, EraseSession forget, string id) => forget.DownloadAsync(context, id))
            .RequireAuthorization()
            .AddEndpointFilter(ApiProblem.FilterAsync);
        routes.MapGet("/people/{id}/data.zip", (HttpContext context, PersonDataEndpoint data, string id) => data.DownloadAsync(context, id))
            .RequireAuthorization()
            .RequireRateLimiting(RequestLimits.Downloads)
            .ExcludeFromDescription()
            .AddEndpointFilter(ApiProblem.FilterAsync);
        routes.MapGet("/runs.csv", (HttpContext context, RunsCsv csv) => csv.HandleAsync(context))
            .RequireAuthorization()
            .RequireRateLimiting(RequestLimits.Downloads)
            .AddEndpointFilter(ApiProblem.FilterAsync);
        return routes;
    }

    private static void MapRuns(RouteGroupBuilder api)
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
        api.MapGet("/runs/{id}/events", FollowRunAsync)
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

    private static void MapComments(RouteGroupBuilder api)
    {
        api.MapGet("/runs/{id}/comments", (HttpContext context, CommentEndpoint comments, string id) => comments.ListAsync(context, Caller(context), id))
            .WithSummary("The comments on a run, in its order: markers with their replies.")
            .Needs(ApiScopes.RunsRead)
            .Takes(ParameterLocation.Query, "state", "open or settled; left out for all.")
            .Answers<CommentList>(200, 400, 404, 503);
        api.MapPost("/runs/{id}/comments", (HttpContext context, CommentEndpoint comments, string id, JsonBody<CommentBody> body) =>
                comments.AddAsync(context, Caller(context), id, body))
            .WithSummary("Sets a marker with a comment at a moment of a run, or replies to one.")
            .Needs(ApiScopes.RunsWrite)
            .Answers<CommentDocument>(201, 400, 404, 409, 413, 415, 503);
        api.MapPatch("/runs/{id}/comments/{commentId}", (HttpContext context, CommentEndpoint comments, string id, string commentId, JsonBody<CommentPatch> body) =>
                comments.ChangeAsync(context, Caller(context), id, commentId, body))
            .WithSummary("Edits the caller's own comment, or settles or reopens a marker.")
            .Needs(ApiScopes.RunsWrite)
            .Answers<CommentDocument>(200, 400, 403, 404, 409, 413, 415, 503);
        api.MapDelete("/runs/{id}/comments/{commentId}", (HttpContext context, CommentEndpoint comments, string id, string commentId) =>
                comments.DeleteAsync(context, Caller(context), id, commentId))
            .WithSummary("Deletes the caller's own comment.")
            .Needs(ApiScopes.RunsWrite)
            .Produces(204).Refuses(403, 404, 409, 503);
    }

    private static void MapLive(RouteGroupBuilder api) =>
        api.MapGet("/live", (HttpContext context, LiveStream live) => live.HandleAsync(context, Caller(context)))
            .WithSummary("The live runs that a supervisor or admin may see, as server-sent events: a snapshot, then each change.")
            .Needs(ApiScopes.RunsRead)
            .RequireRateLimiting(RequestLimits.Streams)
            .Produces(200, contentType: "text/event-stream").Refuses(404, 429);

    private static void MapFiles(RouteGroupBuilder api)
    {
        api.MapPost("/files", (HttpContext context, FileApi files) => files.UploadAsync(context, Caller(context)))
            .WithSummary("Uploads a file: its bytes as the body, or one file in a multipart/form-data form.")
            .Needs(ApiScopes.FilesWrite)
            .RequireRateLimiting(RequestLimits.Uploads)
            .Takes(ParameterLocation.Query, "name", "The file's name, where the body is its bytes.")
            .Answers<FileDocument>(201, 400, 404, 413, 415, 429, 503, 507);
        api.MapGet("/files/{id}", (HttpContext context, FileApi files, string id) => files.ReadAsync(context, Caller(context), id))
            .WithSummary("A file.").Needs(ApiScopes.FilesRead).Answers<FileDocument>(200, 404);
        api.MapGet("/files/{id}/content", (HttpContext context, FileApi files, string id) => files.DownloadAsync(context, Caller(context), id))
            .WithSummary("A file's bytes, as an attachment.").Needs(ApiScopes.FilesRead).Produces(200, contentType: "application/octet-stream").Refuses(404);
    }

    private static void MapSessions(RouteGroupBuilder api)
    {
        api.MapGet("/sessions", (HttpContext context, ListEndpoint list) => list.SessionsAsync(context, Caller(context)))
            .WithSummary("Lists conversations by their newest run, and searches them.")
            .Needs(ApiScopes.SessionsRead)
            .TakesRunList()
            .Answers<SessionListDocument>(200, 400, 404, 503);
        api.MapGet("/sessions/{id}", (HttpContext context, GetSession get, string id) =>
                get.HandleAsync(Caller(context), id, context.RequestAborted))
            .WithSummary("A conversation and what it has cost.").Needs(ApiScopes.SessionsRead).Answers<SessionDocument>(200, 404);
        api.MapDelete("/sessions/{id}", (HttpContext context, EraseSession forget, string id) =>
                forget.DeleteAsync(context, Caller(context), id))
            .WithSummary("Starts to delete a conversation.").Needs(ApiScopes.SessionsDelete).Answers<ErasureDocument>(202, 404, 409, 503);
        api.MapGet("/sessions/{id}/forgetting", (HttpContext context, EraseSession forget, string id) =>
                forget.ReadAsync(context, Caller(context), id))
            .WithSummary("How far the newest deletion of a conversation is, with its record.").Needs(ApiScopes.SessionsRead).Answers<ErasureDocument>(200, 404);
    }

    private static void MapLevers(RouteGroupBuilder api)
    {
        api.MapGet("/levers", (HttpContext context, LeverEndpoint levers) => levers.ListAsync(context, Caller(context)))
            .WithSummary("The levers for an incident, newest first.").Needs(ApiScopes.LeversRead).Answers<LeverList>(200, 404);
        api.MapPost("/levers", (HttpContext context, LeverEndpoint levers, JsonBody<LeverBody> body) => levers.SetAsync(context, Caller(context), body))
            .WithSummary("Stops new requests, or switches a tool off, for everybody at once.")
            .Needs(ApiScopes.LeversWrite)
            .Answers<LeverDocument>(201, 400, 404, 409, 413, 415, 503);
        api.MapDelete("/levers/{id}", (HttpContext context, LeverEndpoint levers, string id) => levers.UndoAsync(context, Caller(context), id))
            .WithSummary("Undoes a lever.").Needs(ApiScopes.LeversWrite).Answers<LeverDocument>(200, 404, 409, 503);
    }

    private static void MapRules(RouteGroupBuilder api)
    {
        api.MapGet("/rules", (HttpContext context, RuleEndpoint rules) => rules.ListAsync(context, Caller(context)))
            .WithSummary("The rules about runs that the caller supervises, newest first.").Needs(ApiScopes.RulesRead).Answers<RuleList>(200, 404);
        api.MapPost("/rules/try", (HttpContext context, RuleEndpoint rules, JsonBody<RuleBody> body) => rules.TryAsync(context, Caller(context), body))
            .WithSummary("Tries a rule on the runs of the last seven days. Nothing is saved.")
            .Needs(ApiScopes.RulesRead)
            .Answers<RuleTrialDocument>(200, 400, 404, 413, 415);
        api.MapPost("/rules", (HttpContext context, RuleEndpoint rules, JsonBody<RuleBody> body) => rules.CreateAsync(context, Caller(context), body))
            .WithSummary("Writes a rule, which counts at once for every run.").Needs(ApiScopes.RulesWrite).Answers<RuleDocument>(201, 400, 404, 409, 413, 415, 503);
        api.MapPut("/rules/{id}", (HttpContext context, RuleEndpoint rules, string id, JsonBody<RuleBody> body) =>
                rules.ChangeAsync(context, Caller(context), id, body))
            .WithSummary("Makes a rule another, or switches it on or off.").Needs(ApiScopes.RulesWrite).Answers<RuleDocument>(200, 400, 404, 409, 413, 415, 503);
        api.MapDelete("/rules/{id}", (HttpContext context, RuleEndpoint rules, string id) => rules.RemoveAsync(context, Caller(context), id))
            .WithSummary("Removes a rule.").Needs(ApiScopes.RulesWrite).Answers<RuleDocument>(200, 404, 503);
    }

    private static void MapRetention(RouteGroupBuilder api)
    {
        api.MapGet("/retention/rules", (HttpContext context, RetentionEndpoint retention) => retention.RulesAsync(context, Caller(context)))
            .WithSummary("How long conversations stay: the rules about agents and sessions.").Needs(ApiScopes.RetentionRead).Answers<RetentionRuleList>(200, 404);
        api.MapPut("/retention/rules/{scope}/{id}", (HttpContext context, RetentionEndpoint retention, string scope, string id, JsonBody<RetentionRuleBody> body) =>
                retention.SetRuleAsync(context, Caller(context), scope, id, body))
            .WithSummary("Sets how long an agent's conversations or one session stay.")
            .Needs(ApiScopes.RetentionWrite)
            .Answers<RetentionRuleDocument>(200, 400, 404, 413, 415, 503);
        api.MapDelete("/retention/rules/{scope}/{id}", (HttpContext context, RetentionEndpoint retention, string scope, string id) =>
                retention.RemoveRuleAsync(context, Caller(context), scope, id))
            .WithSummary("Removes a rule: the next wider one counts.").Needs(ApiScopes.RetentionWrite).Answers<RetentionRuleDocument>(200, 404, 503);
        api.MapGet("/retention/holds", (HttpContext context, RetentionEndpoint retention) => retention.HoldsAsync(context, Caller(context)))
            .WithSummary("The legal holds, those in force first.").Needs(ApiScopes.RetentionRead).Answers<LegalHoldList>(200, 404);
        api.MapPost("/retention/holds", (HttpContext context, RetentionEndpoint retention, JsonBody<LegalHoldBody> body) =>
                retention.HoldAsync(context, Caller(context), body))
            .WithSummary("Sets a legal hold on a session or on all of a person: nothing under it is deleted.")
            .Needs(ApiScopes.RetentionWrite)
            .Answers<LegalHoldDocument>(201, 400, 404, 413, 415, 503);
        api.MapDelete("/retention/holds/{id}", (HttpContext context, RetentionEndpoint retention, string id) => retention.LiftAsync(context, Caller(context), id))
            .WithSummary("Lifts a legal hold. What was asked for meanwhile is deleted then.")
            .Needs(ApiScopes.RetentionWrite)
            .Answers<LegalHoldDocument>(200, 404, 409, 503);
    }

    private static async Task<IResult> FollowRunAsync(HttpContext context, RunLookup lookup, RunEventStream stream, string id)
    {
        if (RunEventStream.Position(context.Request) is not { } after)
        {
            return ApiProblem.BadRequest(ApiText.PositionInvalid);
        }

        if (RunEventStream.AreNamed(context.Request) is not { } named)
        {
            return ApiProblem.BadRequest(ApiText.EventNamesInvalid);
        }

        if (await lookup.FindAsync(Caller(context), id, RunAction.View, context.RequestAborted) is not { } leased)
        {
            return ApiProblem.NotFound();
        }

        if (leased.Run.Status.IsSettled() && after >= leased.Run.HeadSeq)
        {
            // Tells an EventSource not to come back; a stream that ends would be opened again for ever.
            return TypedResults.NoContent();
        }

        if (after > leased.Run.HeadSeq)
        {
            return ApiProblem.BadRequest(ApiText.PositionBeyond(leased.Run.HeadSeq));
        }

        await stream.WriteAsync(context, Caller(context), leased, after, named);
        return Results.Empty;
    }

    private static ApiCaller Caller(HttpContext context) =>
        context.Features.Get<ApiCaller>() ?? throw new InvalidOperationException("The request has passed without an API key.");
}
