using Copilot.Domain.Runs.Events;

namespace Copilot.Domain.Runs.Grants;

/// <summary>A standing decision about calls: that they are carried out without asking, or not at all.</summary>
/// <param name="Id">Its id.</param>
/// <param name="GrantedBy">Who gave it, with the role they have now.</param>
/// <param name="ExpiresAt">Until when it counts (UTC).</param>
public sealed record ApprovalGrant(string Id, EventActor GrantedBy, DateTimeOffset ExpiresAt)
{
    /// <summary>True where such calls are not carried out.</summary>
    public bool Denies { get; init; }
}
