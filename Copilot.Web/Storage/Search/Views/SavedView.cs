namespace Copilot.Web.Storage.Search.Views;

/// <summary>A list of runs that somebody has named.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Query">The query of its address, with its question mark; empty for every run.</param>
public sealed record SavedView(string Id, string Name, string Query);
