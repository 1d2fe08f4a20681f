using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Api.Runs;
using Copilot.Web.Api.Sessions;
using Copilot.Web.Identity;
using Copilot.Web.Security;

namespace Copilot.Web.Api;

/// <summary>The HTTP API: starts, reads, follows and cancels runs with a Bearer API key.</summary>
internal static class CopilotApi
{
    /// <summary>Registers what the endpoints need beyond storage, identity and the runs themselves.</summary>
    public static IServiceCollection AddCopilotApi(this IServiceCollection services)
    {
        services.AddSingleton<RunCompletionWaiter>();
        services.AddSingleton<RunLookup>();
        services.AddSingleton<RunEventStream>();
        services.AddSingleton<StartEndpoint>();
        services.AddSingleton<SteerEndpoint>();
        services.AddSingleton<CancelEndpoint>();
        services.AddSingleton<ApprovalEndpoint>();
        services.AddSingleton<FileApi>();
        services.AddSingleton<EraseSession>();
        services.AddSingleton<BudgetEndpoint>();
        services.AddSingleton<GetSession>();
        services.AddSingleton<RunImages>();
        return services;
    }

    /// <summary>Maps <c>/api</c>.</summary>
    public static IEndpointRouteBuilder MapCopilotApi(this IEndpointRouteBuilder routes)
    {
        // Cookies play no part here, so neither do forged forms.
        var api = routes.MapGroup("/api").RequireAuthorization(ApiKeyHandler.Policy).DisableAntiforgery();
        api.AddEndpointFilter(ApiProblem.FilterAsync);
        api.MapPost("/runs", (HttpContext context, StartEndpoint create) => create.HandleAsync(context, Caller(context)));
        api.MapGet("/runs/{id}", GetRunAsync);
        api.MapGet("/runs/{id}/events", FollowRunAsync);
        api.MapPost("/runs/{id}/steer", (HttpContext context, SteerEndpoint steer, string id) =>
            steer.HandleAsync(context, Caller(context), id));
        api.MapPost("/runs/{id}/cancel", (HttpContext context, CancelEndpoint cancel, string id) =>
            cancel.HandleAsync(context, Caller(context), id));
        api.MapPost("/runs/{id}/approvals/{callId}", (HttpContext context, ApprovalEndpoint decide, string id, string callId) =>
            decide.HandleAsync(context, Caller(context), id, callId));
        api.MapPost("/files", (HttpContext context, FileApi files) => files.UploadAsync(context, Caller(context)));
        api.MapGet("/files/{id}", (HttpContext context, FileApi files, string id) => files.ReadAsync(context, Caller(context), id));
        api.MapGet("/files/{id}/content", (HttpContext context, FileApi files, string id) => files.DownloadAsync(context, Caller(context), id));
        api.MapDelete("/sessions/{id}", (HttpContext context, EraseSession forget, string id) =>
            forget.DeleteAsync(context, Caller(context), id));
        api.MapGet("/sessions/{id}/forgetting", (HttpContext context, EraseSession forget, string id) =>
            forget.ReadAsync(context, Caller(context), id));
        api.MapPost("/runs/{id}/budget", (HttpContext context, BudgetEndpoint raise, string id) =>
            raise.HandleAsync(context, Caller(context), id));
        api.MapGet("/sessions/{id}", (HttpContext context, GetSession get, string id) =>
            get.HandleAsync(Caller(context), id, context.RequestAborted));
        // Else an address that is wrong would be answered by the screens.
        api.Map("/{**rest}", ApiProblem.NotFound);

        // A link on a page, so by cookie. It is only read, and only for whom the service allows it.
        routes.MapGet("/forgetting/{id}.json", (HttpContext context, EraseSession forget, string id) => forget.DownloadAsync(context, id))
            .RequireAuthorization()
            .AddEndpointFilter(ApiProblem.FilterAsync);
        return routes;
    }

    private static async Task<IResult> GetRunAsync(HttpContext context, RunLookup lookup, string id) =>
        await lookup.FindAsync(Caller(context), id, RunAction.View, context.RequestAborted) is { } leased
            ? TypedResults.Json(RunDocument.From(leased.Run), ApiJson.Default.Options)
            : ApiProblem.NotFound();

    private static async Task<IResult> FollowRunAsync(HttpContext context, RunLookup lookup, RunEventStream stream, string id)
    {
        if (RunEventStream.Position(context.Request) is not { } after)
        {
            return ApiProblem.BadRequest(ApiText.PositionInvalid);
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

        await stream.WriteAsync(context, leased, after);
        return Results.Empty;
    }

    private static ApiCaller Caller(HttpContext context) =>
        context.Features.Get<ApiCaller>() ?? throw new InvalidOperationException("The request has passed without an API key.");
}
