namespace Copilot.Web.Storage.Search;

/// <summary>Whose runs somebody may see: their own, and where they supervise their team's or all.</summary>
/// <param name="UserId">The person.</param>
/// <param name="TeamId">The team whose runs they see as well, or null.</param>
/// <param name="IsAll">True where they see every run.</param>
internal sealed record FindScope(string UserId, string? TeamId, bool IsAll);
