namespace Copilot.Web.Storage.Search;

/// <summary>A session with the runs of it that were found.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Title">Its title; empty where it has none.</param>
/// <param name="PersonId">Whose it is.</param>
/// <param name="Person">Their name; null where they are not there any more.</param>
/// <param name="RunId">The newest run that was found.</param>
/// <param name="Runs">How many were found.</param>
/// <param name="Newest">When the newest was created.</param>
/// <param name="Cursor">Where the list goes on after it.</param>
public sealed record FoundSession(
    string SessionId, string Title, string PersonId, string? Person, string RunId, int Runs, DateTimeOffset Newest, RunCursor Cursor);
