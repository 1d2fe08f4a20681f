using Copilot.Domain.Runs.Events;

namespace Copilot.Domain.Runs.Grants;

/// <summary>A standing permission.</summary>
/// <param name="Id">Its id.</param>
/// <param name="GrantedBy">Who gave it, with the role they have now.</param>
/// <param name="ExpiresAt">Until when it counts (UTC).</param>
public sealed record ApprovalGrant(string Id, EventActor GrantedBy, DateTimeOffset ExpiresAt);
