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
using Copilot.Web.Api.Streaming;
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
        api.MapRuns();
        api.MapComments();
        MapLive(api);
        MapFiles(api);
        api.MapSessions();
        api.MapLevers();
        api.MapRules();
        api.MapRetention();

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
            .EndWithAccess()
            .ExcludeFromDescription()
            .AddEndpointFilter(ApiProblem.FilterAsync);
        routes.MapGet("/runs.csv", (HttpContext context, RunsCsv csv) => csv.HandleAsync(context))
            .RequireAuthorization()
            .RequireRateLimiting(RequestLimits.Downloads)
            .EndWithAccess()
            .AddEndpointFilter(ApiProblem.FilterAsync);
        return routes;
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
            .EndWithAccess()
            .Takes(ParameterLocation.Query, "name", "The file's name, where the body is its bytes.")
            .Answers<FileDocument>(201, 400, 404, 413, 415, 429, 503, 507);
        api.MapGet("/files/{id}", (HttpContext context, FileApi files, string id) => files.ReadAsync(context, Caller(context), id))
            .WithSummary("A file.").Needs(ApiScopes.FilesRead).Answers<FileDocument>(200, 404);
        api.MapGet("/files/{id}/content", (HttpContext context, FileApi files, string id) => files.DownloadAsync(context, Caller(context), id))
            .WithSummary("A file's bytes, as an attachment.").Needs(ApiScopes.FilesRead).EndWithAccess().Produces(200, contentType: "application/octet-stream").Refuses(404);
    }

    /// <summary>Who has sent a request, by the key that it came with.</summary>
    internal static ApiCaller Caller(HttpContext context) =>
        context.Features.Get<ApiCaller>() ?? throw new InvalidOperationException("The request has passed without an API key.");
}
