using System.Security.Cryptography;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Web.Files;

namespace Copilot.Tests.Files;

/// <summary>The folder of the files' bytes, which may contain foreign files or have its own mode.</summary>
public sealed class FileFolderTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private FileStore _files = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _files = _database.Files();
    }

    public async ValueTask DisposeAsync()
    {
        _files.Dispose();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task RemoveOrphans_ForeignFilesInTheFolder_AreNotDeleted()
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData("orphan"u8));
        var part = Guid.NewGuid().ToString("n");
        string[] foreign =
        [
            "copilot.db", "copilot.db-wal", "notes.part", "0123.part", ".part", hash.ToUpperInvariant(), hash[..63], hash + "0", hash + ".part",
            hash[..63] + "g", hash + "\n", part, part.ToUpperInvariant() + ".part", part + ".PART", part + ".part.bak", part[..31] + ".part", "x" + hash,
        ];
        Directory.CreateDirectory(_database.FilesPath());
        foreach (var name in foreign.Append(hash).Append(part + ".part"))
        {
            await File.WriteAllTextAsync(Path.Combine(_database.FilesPath(), name), "bytes");
        }

        await _files.RemoveOrphansAsync(CancellationToken.None);

        Assert.Equal(foreign.Order(StringComparer.Ordinal), _database.FilesOnDisk().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("copilot.db")]
    [InlineData("../copilot.db")]
    public async Task Delete_ForeignName_FileRemains(string name)
    {
        Directory.CreateDirectory(_database.FilesPath());
        var path = Path.Combine(_database.FilesPath(), name);
        await File.WriteAllTextAsync(path, "not ours");

        new FileFolder(_database.FilesPath(), 100).Delete(name);

        Assert.Equal("not ours", await File.ReadAllTextAsync(path));
    }

    [Fact]
    public async Task Add_ExistingFolder_ModeIsUnchangedAndTheFileIsPrivate()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        const UnixFileMode theirs = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute;
        Directory.CreateDirectory(_database.FilesPath());
        File.SetUnixFileMode(_database.FilesPath(), theirs);

        await _files.AddAsync("a.txt", "a"u8.ToArray());

        Assert.Equal(theirs, File.GetUnixFileMode(_database.FilesPath()));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite,
            File.GetUnixFileMode(Path.Combine(_database.FilesPath(), Assert.Single(_database.FilesOnDisk()))));
    }

    [Fact]
    public async Task Add_MissingFolder_IsCreatedForItsUserOnly()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        await _files.AddAsync("a.txt", "a"u8.ToArray());

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_database.FilesPath()));
    }
}
