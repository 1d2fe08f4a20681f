using Copilot.Web.Security;
using Microsoft.OpenApi;
using static Copilot.Web.Api.CopilotApi;

namespace Copilot.Web.Api.Comments;

/// <summary>The addresses of the API for comments on a run.</summary>
internal static class CommentRoutes
{
    /// <summary>Maps them below <c>/api</c>.</summary>
    public static void MapComments(this RouteGroupBuilder api)
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
            .Answers<CommentDocument>(201, 400, 404, 409, 413, 415, 429, 503);
        api.MapPatch("/runs/{id}/comments/{commentId}", (HttpContext context, CommentEndpoint comments, string id, string commentId, JsonBody<CommentPatch> body) =>
                comments.ChangeAsync(context, Caller(context), id, commentId, body))
            .WithSummary("Edits the caller's own comment, or settles or reopens a marker.")
            .Needs(ApiScopes.RunsWrite)
            .Answers<CommentDocument>(200, 400, 403, 404, 409, 413, 415, 429, 503);
        api.MapDelete("/runs/{id}/comments/{commentId}", (HttpContext context, CommentEndpoint comments, string id, string commentId) =>
                comments.DeleteAsync(context, Caller(context), id, commentId))
            .WithSummary("Deletes the caller's own comment.")
            .Needs(ApiScopes.RunsWrite)
            .Produces(204).Refuses(403, 404, 409, 429, 503);
    }
}
