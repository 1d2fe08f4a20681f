namespace Copilot.Web.Storage.Sessions;

/// <summary>Whose a session is.</summary>
/// <param name="UserId">Its owner.</param>
/// <param name="TeamId">The team it was made in.</param>
/// <param name="IsDeleted">True when it was deleted: its id is never used again.</param>
internal sealed record SessionOwner(string UserId, string TeamId, bool IsDeleted);
