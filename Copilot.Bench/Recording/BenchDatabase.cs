using Copilot.Domain.Runs.Log;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Runs;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Copilot.Bench.Recording;

/// <summary>A database as the product creates it, in a separate folder, with a store that records its commits.</summary>
internal sealed class BenchDatabase : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private BenchDatabase(ServiceProvider services, string file)
    {
        _services = services;
        File = file;
    }

    /// <summary>The database file.</summary>
    public string File { get; }

    public IServiceProvider Services => _services;

    /// <summary>What was committed, transaction by transaction.</summary>
    public TransactionRecorder Transactions => (TransactionRecorder)_services.GetRequiredService<IRunEventStore>();

    /// <param name="folder">An empty folder.</param>
    /// <param name="configure">Adds what the bench needs beside the storage.</param>
    /// <param name="records">False where <see cref="Transactions"/> are not needed: they hold all that was written.</param>
    public static async Task<BenchDatabase> CreateAsync(string folder, Action<IServiceCollection> configure, bool records = true)
    {
        var file = Path.Combine(folder, "bench.db");
        var services = new ServiceCollection();
        // As in the product: the levels are checked, nothing below Information is asked for.
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
        services.AddCopilotStorage(StorageServiceCollectionExtensions.ConnectionString($"Data Source={file}", folder));
        services.AddSingleton<EfRunEventStore>();
        services.AddSingleton<IRunEventStore>(provider =>
            provider.GetRequiredService<EfRunEventStore>() is var store && records ? new TransactionRecorder(store) : store);
        configure(services);
        var provider = services.BuildServiceProvider();
        await StorageServiceCollectionExtensions.MigrateAsync(provider, CancellationToken.None);
        return new BenchDatabase(provider, file);
    }

    public async ValueTask DisposeAsync()
    {
        string connectionString;
        await using (var db = await _services.GetRequiredService<IDbContextFactory<CopilotDbContext>>().CreateDbContextAsync())
        {
            connectionString = db.Database.GetConnectionString()!;
        }

        await _services.DisposeAsync();
        await using var connection = new SqliteConnection(connectionString);
        SqliteConnection.ClearPool(connection);
    }
}
