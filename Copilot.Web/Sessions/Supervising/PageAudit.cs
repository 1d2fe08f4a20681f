using Copilot.Domain.Audit;
using Copilot.Web.Identity.Administration;
using Microsoft.AspNetCore.Components.Authorization;

namespace Copilot.Web.Sessions.Supervising;

/// <summary>Records what a person sees of others on this circuit, before it is shown.</summary>
internal sealed class PageAudit(IAccessLog log, AuthenticationStateProvider authentication)
{
    /// <summary>Records it, unless it is their own.</summary>
    /// <param name="user">Who looks.</param>
    /// <param name="action">One of <see cref="AccessActions"/>.</param>
    /// <param name="objectId">The run or session; null where it is about several.</param>
    /// <param name="ownerId">Whose it is; null where it is about several people's.</param>
    /// <param name="after">What exactly is seen or exported, in a few words, or null.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="AccessNotRecordedException">It could not be recorded: do not show it.</exception>
    public async Task RecordAsync(
        UserInfo user, string action, string? objectId, string? ownerId, string? after, CancellationToken cancellationToken)
    {
        if (user.Id == ownerId)
        {
            return;
        }

        var principal = (await authentication.GetAuthenticationStateAsync()).User;
        await log.RecordAsync(
            new AccessEntry
            {
                Action = action,
                ActorId = user.Id,
                ActorName = user.Name,
                ActorRole = user.Role,
                Address = CallerAddress.Of(principal) ?? "page",
                ObjectId = objectId,
                OwnerId = ownerId,
                After = after,
            },
            cancellationToken);
    }
}
