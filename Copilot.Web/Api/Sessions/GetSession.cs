using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Audit;
using Copilot.Web.Api.Runs;
using Copilot.Web.Audit;
using Copilot.Web.Identity;
using Copilot.Web.Storage.Sessions;

namespace Copilot.Web.Api.Sessions;

/// <summary><c>GET /api/sessions/{id}</c>: a conversation and what it has cost.</summary>
internal sealed class GetSession(SessionStore sessions, IRunAccess access, RequestReads reads)
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

        await reads.RecordAsync(AccessActions.SessionRead, caller.User.Id, session.Id, session.UserId, aborted);
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
