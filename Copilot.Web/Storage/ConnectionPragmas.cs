using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SQLitePCL;

namespace Copilot.Web.Storage;

/// <summary>
/// Sets SQLite's per-connection settings, once per connection: a pooled one has them still. Who changes one for a moment sets it back. The
/// write-ahead log and incremental vacuum are properties of the file: <see cref="StorageServiceCollectionExtensions.MigrateAsync"/> sets them once.
/// </summary>
internal sealed class ConnectionPragmas : DbConnectionInterceptor
{
    /// <summary>How long SQLite itself waits for another writer, in ms.</summary>
    public const string BusyTimeout = "PRAGMA busy_timeout = 5000";

    // FULL: a commit survives a power cut. secure_delete: deleted content is overwritten, not only unlinked. journal_size_limit: a
    // write-ahead log enlarged by one large commit shrinks again.
    private const string Pragmas = BusyTimeout + """
        ;
        PRAGMA synchronous = FULL;
        PRAGMA secure_delete = ON;
        PRAGMA foreign_keys = ON;
        PRAGMA journal_size_limit = 67108864;
        """;

    private static readonly object s_mark = new();

    // Connections that are set, by the driver's handle: what EF opens is a new object each time.
    private readonly ConditionalWeakTable<sqlite3, object> _set = [];

    /// <inheritdoc/>
    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Set(connection);

    /// <inheritdoc/>
    public override Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Set(connection);
        return Task.CompletedTask;
    }

    private void Set(DbConnection connection)
    {
        var handle = ((SqliteConnection)connection).Handle!;
        if (_set.TryGetValue(handle, out _))
        {
            return;
        }

        using var command = connection.CreateCommand();
        command.CommandText = Pragmas;
        command.ExecuteNonQuery();
        _set.AddOrUpdate(handle, s_mark);
    }
}
