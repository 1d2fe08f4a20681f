namespace Copilot.Web.Runs.Grants;

/// <summary>A standing permission that counts, as lists show it.</summary>
/// <param name="Id">Its id (<c>grant_…</c>).</param>
/// <param name="Tool">The tool's name.</param>
/// <param name="ServerLabel">The MCP server whose tool it is; null for a tool of ours.</param>
/// <param name="Scope">Where it counts.</param>
/// <param name="ScopeId">The session or the agent.</param>
/// <param name="ScopeName">The conversation's title or the agent's name; empty where it is not there any more.</param>
/// <param name="OwnerId">Whose runs it covers.</param>
/// <param name="OwnerName">Their name.</param>
/// <param name="GivenById">Who gave it.</param>
/// <param name="GivenByName">Their name.</param>
/// <param name="ExpiresAt">Until when it counts.</param>
public sealed record GrantInfo(
    string Id,
    string Tool,
    string? ServerLabel,
    GrantScope Scope,
    string ScopeId,
    string ScopeName,
    string OwnerId,
    string OwnerName,
    string GivenById,
    string GivenByName,
    DateTimeOffset ExpiresAt)
{
    /// <summary>True where such calls are not carried out.</summary>
    public bool Denies { get; init; }
}
