using System.Security.Claims;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Log;
using Copilot.Web.Sessions.Importing;
using Copilot.Web.Storage.Sessions;
using Copilot.Web.Supervision;

namespace Copilot.Web.Sessions;

/// <summary>
/// Answers for the first request of a page whether its session or run can be shown, or a file be opened, so that an unknown one and a
/// foreign one are both a 404 and not a page that says so with a 200.
/// </summary>
internal sealed class SessionAccessCheck(SessionStore sessions, IRunEventStore runs, IRunAccess access, SupervisorAccess supervisors)
{
    private const string SessionPath = "/chat/";
    private const string RunPath = "/runs/";
    private const string ComparePath = "/runs/compare";

    /// <summary>True when the address is no session's and no run's, or the person may see what it names.</summary>
    public async Task<bool> CanShowAsync(ClaimsPrincipal user, string path, IQueryCollection query, CancellationToken cancellationToken)
    {
        if (path.TrimEnd('/').Equals(ComparePath, StringComparison.OrdinalIgnoreCase))
        {
            return await CanShowAsync(user, RunPath + query["a"], cancellationToken) && await CanShowAsync(user, RunPath + query["b"], cancellationToken);
        }

        if (path.TrimEnd('/').Equals(RunImports.Address, StringComparison.OrdinalIgnoreCase))
        {
            return user.FindFirstValue(ClaimTypes.NameIdentifier) is { } id && await supervisors.FindAsync(id, cancellationToken) is not null;
        }

        return (!IsBelow(path, SessionPath) && !IsBelow(path, RunPath)) || await CanShowAsync(user, path, cancellationToken);
    }

    private async Task<bool> CanShowAsync(ClaimsPrincipal user, string path, CancellationToken cancellationToken) =>
        user.FindFirstValue(ClaimTypes.NameIdentifier) is { } userId
        && await OwnerAsync(path, cancellationToken) is { } owner
        && await access.TryAcquireAsync(userId, owner, RunAction.View, cancellationToken) is not null;

    private static bool IsBelow(string path, string folder) => path.StartsWith(folder, StringComparison.OrdinalIgnoreCase);

    private async Task<RunOwner?> OwnerAsync(string path, CancellationToken cancellationToken)
    {
        if (IsBelow(path, RunPath))
        {
            return await runs.FindAsync(path[RunPath.Length..].Trim('/'), cancellationToken) is { } run ? new RunOwner(run.UserId, run.TeamId) : null;
        }

        return await sessions.FindAsync(path[SessionPath.Length..].Trim('/'), cancellationToken) is { } session
            ? new RunOwner(session.UserId, session.TeamId)
            : null;
    }
}
