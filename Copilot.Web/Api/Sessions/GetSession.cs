using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Web.Api.Runs;
using Copilot.Web.Identity;
using Copilot.Web.Storage.Sessions;

namespace Copilot.Web.Api.Sessions;

/// <summary><c>GET /api/sessions/{id}</c>: a conversation and what it has cost.</summary>
internal sealed class GetSession(SessionStore sessions, IRunAccess access)
{
    /// <summary>Answers the request.</summary>
    public async Task<IResult> HandleAsync(ApiCaller caller, string sessionId, CancellationToken aborted)
    {
        if (await sessions.FindAsync(sessionId, aborted) is not { } session
            || await access.TryAcquireAsync(
                caller.User.Id, new RunOwner(session.UserId, session.TeamId), RunAction.View, aborted) is null)
        {
            return ApiProblem.NotFound();
        }

        var costs = await sessions.CostsAsync(sessionId, aborted);
        var document = new SessionDocument(
            session.Id,
            session.Title,
            ApiTime.Format(session.CreatedAt),
            ApiTime.Format(session.UpdatedAt),
            [.. costs.Select(CostDocument.From)]);
        return TypedResults.Json(document, ApiJson.Default.Options);
    }
}
