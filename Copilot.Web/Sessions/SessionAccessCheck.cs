using System.Security.Claims;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Web.Storage.Sessions;

namespace Copilot.Web.Sessions;

/// <summary>
/// Answers for the first request of a page whether its session can be shown, so that an unknown one and a foreign one are both a
/// 404 and not a page that says so with a 200.
/// </summary>
internal sealed class SessionAccessCheck(SessionStore sessions, IRunAccess access)
{
    /// <summary>True when the path is no session's, or the person may see that session.</summary>
    public async Task<bool> CanShowAsync(ClaimsPrincipal user, string path, CancellationToken cancellationToken)
    {
        if (!path.StartsWith("/chat/", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        return user.FindFirstValue(ClaimTypes.NameIdentifier) is { } userId
            && await sessions.FindAsync(path["/chat/".Length..].Trim('/'), cancellationToken) is { } session
            && await access.TryAcquireAsync(
                userId, new RunOwner(session.UserId, session.TeamId), RunAction.View, cancellationToken) is not null;
    }
}
