using Copilot.Web.Api.Finding;
using Copilot.Web.Api.Runs;
using Copilot.Web.Security;
using static Copilot.Web.Api.CopilotApi;

namespace Copilot.Web.Api.Sessions;

/// <summary>The addresses of the API for conversations.</summary>
internal static class SessionRoutes
{
    /// <summary>Maps them below <c>/api</c>.</summary>
    public static void MapSessions(this RouteGroupBuilder api)
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
}
