using System.Data;
using System.Data.Common;
using Copilot.Domain.Runs.Log;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Runs;
using Copilot.Web.Storage.Sessions;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Shared.Hosts;

/// <summary>A real SQLite file in a folder of its own, with the product's own registration and migrations; deleted when disposed.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    // The migrations run once per test process; every database begins as a copy of what they made.
    private static readonly Lazy<Task<byte[]>> s_migrated = new(MigrateOnceAsync);

    private readonly string _folder;
    private readonly Action<IServiceCollection> _configure;
    private readonly DiskSpace _disk = new();
    private ServiceProvider _services;
    private bool _closed;

    private TestDatabase(string folder, Action<IServiceCollection> configure)
    {
        _folder = folder;
        _configure = configure;
        _services = Build();
    }

    /// <summary>The file.</summary>
    public string Path => System.IO.Path.Combine(_folder, "copilot.db");

    /// <summary>The product's connection string for it.</summary>
    public string ConnectionString => StorageServiceCollectionExtensions.ConnectionString($"Data Source={Path}", _folder);

    /// <summary>All that <c>AddCopilotStorage</c> registers, logging, and what the test added.</summary>
    public IServiceProvider Services => _services;

    public IDbContextFactory<CopilotDbContext> Contexts => _services.GetRequiredService<IDbContextFactory<CopilotDbContext>>();

    public IRunEventStore Events => _services.GetRequiredService<IRunEventStore>();

    public SessionStore Sessions => _services.GetRequiredService<SessionStore>();

    public AgentStore Agents => _services.GetRequiredService<AgentStore>();

    public WriteLock Gate => _services.GetRequiredService<WriteLock>();

    /// <summary>The file of a database that is up to date and empty.</summary>
    public static Task<byte[]> MigratedFileAsync() => s_migrated.Value;

    public static Task<TestDatabase> CreateAsync() => CreateAsync(_ => { });

    /// <param name="configure">Adds services (a clock, Identity, …) before the product's own, which give way to them.</param>
    public static async Task<TestDatabase> CreateAsync(Action<IServiceCollection> configure)
    {
        var folder = Directory.CreateTempSubdirectory("copilot-test-").FullName;
        var database = new TestDatabase(folder, configure);
        await File.WriteAllBytesAsync(database.Path, await s_migrated.Value);
        await StorageServiceCollectionExtensions.MigrateAsync(database.Services, CancellationToken.None);
        return database;
    }

    /// <summary>A database that is there already, from its file; brought up to date as at a start.</summary>
    public static async Task<TestDatabase> OpenAsync(byte[] file)
    {
        var database = new TestDatabase(Directory.CreateTempSubdirectory("copilot-test-").FullName, _ => { });
        await File.WriteAllBytesAsync(database.Path, file);
        await StorageServiceCollectionExtensions.MigrateAsync(database.Services, CancellationToken.None);
        return database;
    }

    /// <summary>From now on the file cannot grow, as on a full disk.</summary>
    public void FillDisk() => SetDisk(isFull: true);

    /// <summary>Makes room again.</summary>
    public void FreeDisk() => SetDisk(isFull: false);

    /// <summary>Lets go of the file and opens it anew, as a restart does.</summary>
    public async Task ReopenAsync()
    {
        await CloseAsync();
        _services = Build();
        _closed = false;
        await StorageServiceCollectionExtensions.MigrateAsync(Services, CancellationToken.None);
    }

    /// <summary>A second database from the files as they lie on the disk now, which is what a killed process leaves behind.</summary>
    public async Task<TestDatabase> CopyAfterKillAsync()
    {
        var folder = Directory.CreateTempSubdirectory("copilot-test-").FullName;
        foreach (var file in Directory.EnumerateFiles(_folder).Where(file => !file.EndsWith("-shm", StringComparison.Ordinal)))
        {
            await using var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            await using var target = File.Create(System.IO.Path.Combine(folder, System.IO.Path.GetFileName(file)));
            await source.CopyToAsync(target);
        }

        var database = new TestDatabase(folder, _configure);
        await StorageServiceCollectionExtensions.MigrateAsync(database.Services, CancellationToken.None);
        return database;
    }

    /// <summary>One value, read over the product's own kind of connection.</summary>
    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var db = await Contexts.CreateDbContextAsync();
        await db.Database.OpenConnectionAsync();
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = sql;
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private void SetDisk(bool isFull)
    {
        // The store keeps its connection open; while the pass is held here, nobody uses it.
        using var pass = Gate.EnterAsync(CancellationToken.None).GetAwaiter().GetResult();
        _disk.SetFull(isFull);
    }

    private static async Task<byte[]> MigrateOnceAsync()
    {
        var folder = Directory.CreateTempSubdirectory("copilot-test-").FullName;
        await using var database = new TestDatabase(folder, _ => { });
        await StorageServiceCollectionExtensions.MigrateAsync(database.Services, CancellationToken.None);
        await database.CloseAsync();
        return await File.ReadAllBytesAsync(database.Path);
    }

    private ServiceProvider Build()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        _configure(services);
        services.AddCopilotStorage(ConnectionString);
        services.ConfigureDbContext<CopilotDbContext>(options => options.AddInterceptors(_disk));
        return services.BuildServiceProvider(validateScopes: true);
    }

    /// <summary>Lets go of the file, as the end of the process does.</summary>
    public async Task CloseAsync()
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        string connectionString;
        await using (var db = await Contexts.CreateDbContextAsync())
        {
            connectionString = db.Database.GetConnectionString()!;
        }

        await _services.DisposeAsync();
        await using var connection = new SqliteConnection(connectionString);
        SqliteConnection.ClearPool(connection);
    }

    private sealed class DiskSpace : DbConnectionInterceptor
    {
        private const long Unlimited = 4_294_967_294;
        private readonly List<DbConnection> _open = [];
        private volatile bool _isFull;

        public void SetFull(bool isFull)
        {
            _isFull = isFull;
            lock (_open)
            {
                _open.RemoveAll(connection => connection.State is not ConnectionState.Open);
                foreach (var connection in _open)
                {
                    Limit(connection);
                }
            }
        }

        // Opened without await, and so kept: readers await theirs, and look at the limit when they open.

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
        {
            Limit(connection);
            lock (_open)
            {
                _open.Add(connection);
            }
        }

        public override Task ConnectionOpenedAsync(
            DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            Limit(connection);
            return Task.CompletedTask;
        }

        // SQLite raises a limit that is too low to the size the file has.
        private void Limit(DbConnection connection)
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"PRAGMA max_page_count = {(_isFull ? 1 : Unlimited)}";
            command.ExecuteNonQuery();
        }
    }
}
