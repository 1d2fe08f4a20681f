namespace Copilot.Web.Storage.Search.Views;

/// <summary>A list of runs that somebody has named.</summary>
internal sealed class SavedViewRow
{
    /// <summary><c>viw_…</c>.</summary>
    public required string Id { get; init; }

    public required string UserId { get; init; }

    public required string Name { get; set; }

    /// <summary>The query of its address, with its question mark.</summary>
    public required string Query { get; set; }

    public required long CreatedAt { get; init; }
}
