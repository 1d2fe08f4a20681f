using Copilot.Web.Security;
using static Copilot.Web.Api.CopilotApi;

namespace Copilot.Web.Api.Incident;

/// <summary>The addresses of the API for levers for an incident.</summary>
internal static class LeverRoutes
{
    /// <summary>Maps them below <c>/api</c>.</summary>
    public static void MapLevers(this RouteGroupBuilder api)
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
}
