using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Copilot.Web.Storage;

/// <summary>
/// Sets SQLite's per-connection settings, at every opening (a pooled connection may come from anywhere). The write-ahead log and
/// incremental vacuum are properties of the file: <see cref="StorageServiceCollectionExtensions.MigrateAsync"/> sets them once.
/// </summary>
internal sealed class ConnectionPragmas : DbConnectionInterceptor
{
    // FULL: a commit survives a power cut. secure_delete: deleted content is overwritten, not only unlinked. journal_size_limit: a
    // write-ahead log enlarged by one large commit shrinks again.
    private const string Pragmas = """
        PRAGMA busy_timeout = 5000;
        PRAGMA synchronous = FULL;
        PRAGMA secure_delete = ON;
        PRAGMA foreign_keys = ON;
        PRAGMA journal_size_limit = 67108864;
        """;

    /// <inheritdoc/>
    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Set(connection);

    /// <inheritdoc/>
    public override Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Set(connection);
        return Task.CompletedTask;
    }

    private static void Set(DbConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Pragmas;
        command.ExecuteNonQuery();
    }
}
