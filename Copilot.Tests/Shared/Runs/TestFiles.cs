using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Input;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Files;
using Copilot.Web.Options;
using Copilot.Web.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Copilot.Tests.Shared.Runs;

/// <summary>The product's own file store over a test's database, with its bytes in a folder beside it.</summary>
internal static class TestFiles
{
    /// <summary>A PNG of 3 by 2 pixels.</summary>
    public static byte[] Png { get; } = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAEElEQVR42mMwCdwEQQxwFgBGBAdL1w9apQAAAABJRU5ErkJggg==");

    public static RunOwner Owner { get; } = new("usr_1", "team_default");

    /// <summary>A folder beside the database; it goes with it.</summary>
    public static string FilesPath(this TestDatabase database) => Path.Combine(Path.GetDirectoryName(database.Path)!, "files");

    public static FileStore Files(this TestDatabase database) => database.Files(TimeProvider.System, new FileLimits());

    public static FileStore Files(this TestDatabase database, TimeProvider time, FileLimits limits) => new(
        database.Contexts, new FileFolder(database.FilesPath(), limits.MaxBytes), database.Space(), Microsoft.Extensions.Options.Options.Create(limits), time, NullLogger<FileStore>.Instance);

    /// <summary>What the product asks about the disks; they always have room.</summary>
    public static FreeSpace Space(this TestDatabase database) => new(
        database.Path, Microsoft.Extensions.Options.Options.Create(new LimitOptions { MinFreeBytes = 0 }), TimeProvider.System, NullLogger<FreeSpace>.Instance);

    /// <summary>Registers the file store; its folder lies beside whatever database it is used with.</summary>
    public static IServiceCollection AddTestFiles(this IServiceCollection services)
    {
        services.AddSingleton(provider =>
        {
            var contexts = provider.GetRequiredService<IDbContextFactory<CopilotDbContext>>();
            using var db = contexts.CreateDbContext();
            var path = new SqliteConnectionStringBuilder(db.Database.GetConnectionString()).DataSource;
            var limits = new FileLimits();
            return new FileStore(
                contexts,
                new FileFolder(Path.Combine(Path.GetDirectoryName(path)!, "files"), limits.MaxBytes),
                provider.GetRequiredService<FreeSpace>(),
                Microsoft.Extensions.Options.Options.Create(limits),
                provider.GetRequiredService<TimeProvider>(),
                NullLogger<FileStore>.Instance);
        });
        return services.AddSingleton<IFileContents>(provider => provider.GetRequiredService<FileStore>());
    }

    /// <summary>Names of what lies on the disk.</summary>
    public static IReadOnlyList<string> FilesOnDisk(this TestDatabase database) =>
        Directory.Exists(database.FilesPath()) ? [.. Directory.EnumerateFiles(database.FilesPath()).Select(file => Path.GetFileName(file)).Order()] : [];

    public static Task<MessageFile> AddAsync(this FileStore files, string name, byte[] content) =>
        files.AddAsync(Owner, name, declaredType: null, new MemoryStream(content), CancellationToken.None);

    /// <summary>Puts a file into a session, as the commit of its message does.</summary>
    public static async Task UseAsync(this TestDatabase database, string fileId, string sessionId)
    {
        await using var db = await database.Contexts.CreateDbContextAsync();
        var row = (await db.Files.FindAsync(fileId))!;
        row.SessionId = sessionId;
        await db.SaveChangesAsync();
    }
}
