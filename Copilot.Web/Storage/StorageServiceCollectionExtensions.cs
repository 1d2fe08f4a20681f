using Copilot.Domain.Audit;
using Copilot.Domain.Erasure;
using Copilot.Domain.Erasure.Retention;
using Copilot.Domain.Runs.Log;
using Copilot.Web.Options;
using Copilot.Web.Storage.Audit;
using Copilot.Web.Storage.Erasure;
using Copilot.Web.Storage.Packing;
using Copilot.Web.Storage.Runs;
using Copilot.Web.Storage.Search;
using Copilot.Web.Storage.Search.Review;
using Copilot.Web.Storage.Search.Views;
using Copilot.Web.Storage.Sessions;
using Copilot.Web.Storage.Snapshots;
using Copilot.Web.Storage.Sqlite;
using Copilot.Web.Storage.Upkeep;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Copilot.Web.Storage;

/// <summary>Registers the database.</summary>
internal static class StorageServiceCollectionExtensions
{
    /// <summary>Where the database is when nothing is configured, relative to the content root.</summary>
    public const string DefaultConnectionString = "Data Source=App_Data/copilot.db";

    /// <summary>Name of the readiness check.</summary>
    public const string HealthCheckName = "storage";

    /// <summary>The configured connection string with a relative file taken from the content root.</summary>
    /// <param name="configured"><c>ConnectionStrings:Copilot</c>, or null for <see cref="DefaultConnectionString"/>.</param>
    /// <param name="contentRoot">The application's content root.</param>
    public static string ConnectionString(string? configured, string contentRoot)
    {
        var parts = new SqliteConnectionStringBuilder(configured ?? DefaultConnectionString);
        parts.DataSource = Path.GetFullPath(parts.DataSource, contentRoot);
        return parts.ToString();
    }

    /// <summary>
    /// Registers the context (a factory, and one per scope for Identity), the event store, the session and agent stores, the
    /// write lock, the hourly cleaner and the readiness check.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="connectionString">From <see cref="ConnectionString"/>: the file's path is absolute.</param>
    public static IServiceCollection AddCopilotStorage(this IServiceCollection services, string connectionString)
    {
        // The driver retries a command that finds the database busy, for up to the command's time-out.
        var parts = new SqliteConnectionStringBuilder(connectionString) { DefaultTimeout = 5 };
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<WriteLock>();
        services.AddSingleton<DatabaseLock>();
        services.AddSingleton<OtherWriter>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<FreeSpace>(provider, parts.DataSource));
        services.AddDbContextFactory<CopilotDbContext>(options => options
            .UseSqlite(parts.ToString())
            // Who began the transaction gets the exception and logs it, unless it was stopped on purpose.
            .ConfigureWarnings(warnings => warnings.Log((RelationalEventId.TransactionError, LogLevel.Debug)))
            .AddInterceptors(new ConnectionPragmas(), new WriteGuard()));
        services.AddSingleton<ChangedChains>();
        services.AddSingleton<IAuditStore>(new SqliteAuditStore(parts.ToString()));
        services.AddSingleton<EfRunEventStore>();
        services.AddSingleton<IRunEventStore>(provider => provider.GetRequiredService<EfRunEventStore>());
        services.AddOptions<PackingOptions>();
        services.AddSingleton<RunPacker>();
        services.AddSingleton<RunSnapshots>();
        services.AddSingleton<IHourlyCleanup>(provider => provider.GetRequiredService<RunSnapshots>());
        services.AddSingleton<SessionStore>();
        services.AddSingleton<RunEraser>();
        services.AddSingleton<ErasureRequestReader>();
        services.AddSingleton<IErasureStore, EfErasureStore>();
        services.AddSingleton<IRetentionStore, EfRetentionStore>();
        services.AddSingleton<AgentStore>();
        services.AddSingleton<RunForks>();
        services.AddSingleton<IRunIndex, SqliteRunIndex>();
        services.AddSingleton<IRunSearch, SqliteRunSearch>();
        services.AddSingleton<SavedViews>();
        services.AddSingleton<SeenRuns>();
        services.AddSingleton<RunIndexer>();
        services.AddHostedService(provider => provider.GetRequiredService<RunIndexer>());
        services.AddHostedService<HourlyCleaner>();
        services.AddHealthChecks().AddCheck<StorageHealthCheck>(HealthCheckName, tags: ["ready"]);
        return services;
    }

    /// <summary>
    /// <see cref="MigrateAsync"/> for the one server of a database, also on a disk that is full: then with what the start before has reserved.
    /// </summary>
    /// <exception cref="StorageUnavailableException">The file cannot be created, read or brought up to date.</exception>
    /// <exception cref="StartRefusedException">Another server uses it, it is a newer version's, or parts of it were removed by hand.</exception>
    public static async Task OpenAsync(IServiceProvider services, string connectionString, CancellationToken cancellationToken)
    {
        var file = new SqliteConnectionStringBuilder(connectionString).DataSource;
        services.GetRequiredService<DatabaseLock>().Take(file);
        services.GetRequiredService<OtherWriter>().WaitFor(connectionString);
        try
        {
            await MigrateAsync(services, cancellationToken);
            DiskReserve.Ensure(file);
        }
        catch (StorageUnavailableException) when (DiskReserve.TryGiveUp(file))
        {
            await MigrateAsync(services, cancellationToken);
        }

        await RefuseIncompleteAsync(services, cancellationToken);
    }

    /// <summary>Creates the database if there is none, and brings its schema up to date. Call it before anything reads or writes.</summary>
    /// <exception cref="StorageUnavailableException">The file cannot be created or written.</exception>
    /// <exception cref="StartRefusedException">A newer version of the program has brought it up to date, or it is another program's.</exception>
    public static async Task MigrateAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var contexts = services.GetRequiredService<IDbContextFactory<CopilotDbContext>>();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        try
        {
            PrepareFile(db.Database.GetConnectionString()!);
            var applied = await db.Database.GetAppliedMigrationsAsync(cancellationToken);
            if (applied.Except(db.Database.GetMigrations()).Any())
            {
                throw new StartRefusedException([StorageText.Newer(PathOf(db))]);
            }

            if (db.Database.GetMigrations().Except(applied).Any())
            {
                RemoveMigrationLock(db.Database.GetConnectionString()!);
                await db.MigrateAsync(cancellationToken);
            }
        }
        catch (Exception exception) when (StorageFailure.Explain(exception) is { } unavailable)
        {
            throw unavailable;
        }
        catch (SqliteException exception)
        {
            // Its tables are not those of any version.
            throw new StartRefusedException([StorageText.NotMigrated(PathOf(db), exception.Message)]);
        }
    }

    private static async Task RefuseIncompleteAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        await using var db = await services.GetRequiredService<IDbContextFactory<CopilotDbContext>>().CreateDbContextAsync(cancellationToken);
        if (await SchemaCheck.MissingAsync(db, cancellationToken) is { Count: > 0 } missing)
        {
            throw new StartRefusedException([StorageText.Incomplete(PathOf(db), missing)]);
        }
    }

    private static string PathOf(CopilotDbContext db) => new SqliteConnectionStringBuilder(db.Database.GetConnectionString()).DataSource;

    /// <summary>A file that is prepared already is not written: a start must not depend on a disk with room.</summary>
    private static void PrepareFile(string connectionString)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(new SqliteConnectionStringBuilder(connectionString).DataSource))!);

        // Also to set what is set already is a write. In this order: once the file has a first page, auto_vacuum can no longer be turned on.
        if (!Equals(Execute(connectionString, "PRAGMA journal_mode"), "wal"))
        {
            Execute(connectionString, """
                PRAGMA auto_vacuum = INCREMENTAL;
                PRAGMA journal_mode = WAL;
                """);
        }
    }

    // The lock of a migration that was killed; no other process migrates this file.
    private static void RemoveMigrationLock(string connectionString) => Execute(connectionString, """DROP TABLE IF EXISTS "__EFMigrationsLock" """);

    private static object? Execute(string connectionString, string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder(connectionString) { Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
