using Copilot.Web.Storage.Sessions;
using Microsoft.Data.Sqlite;

namespace Copilot.Web.Storage.Runs;

/// <summary>Indexes the texts of an append for the search, in the append's transaction.</summary>
internal sealed class SearchInsert(SqliteConnection connection) : IDisposable
{
    private readonly RawStatement _row = new(connection, SessionSearch.InsertRow);
    private readonly RawStatement _text = new(connection, SessionSearch.InsertText);

    /// <inheritdoc cref="SessionSearch.Index"/>
    public void Index(string sessionId, string runId, string text)
    {
        _row.Text(1, sessionId);
        _row.Text(2, runId);
        _text.Number(1, _row.ReadNumber());
        _text.Text(2, text);
        _text.Execute();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _row.Dispose();
        _text.Dispose();
    }
}
