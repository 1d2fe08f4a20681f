namespace Copilot.Web.Identity.Invitations;

/// <summary>An invitation that can still be accepted, as lists show it.</summary>
/// <param name="Id">Its id (<c>inv_…</c>).</param>
/// <param name="Name">The name of the invited person.</param>
/// <param name="Role">The role they will have.</param>
/// <param name="Team">Name of the team they will be in.</param>
/// <param name="ExpiresAt">Until when the link works.</param>
internal sealed record InvitationInfo(string Id, string Name, string Role, string Team, DateTimeOffset ExpiresAt);
