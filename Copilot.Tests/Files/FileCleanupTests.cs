using System.Security.Cryptography;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Runs;

namespace Copilot.Tests.Files;

/// <summary>Files and bytes that nobody uses are removed, the others are not.</summary>
public sealed class FileCleanupTests : FileStoreScene
{
    [Fact]
    public async Task Add_SameContentTwice_SharesItsBytesUntilTheLastIsRemoved()
    {
        var first = await _files.AddAsync("a.txt", "same"u8.ToArray());
        var second = await _files.AddAsync("b.txt", "same"u8.ToArray());
        await _database.UseAsync(first.Id, "ses_1");
        await _database.UseAsync(second.Id, "ses_2");
        Assert.Single(_database.FilesOnDisk());

        Assert.Equal(1, await _files.EraseSessionAsync("ses_1", CancellationToken.None));
        Assert.Single(_database.FilesOnDisk());
        Assert.Null(await _files.FindAsync(first.Id, CancellationToken.None));
        Assert.NotNull(await _files.FindAsync(second.Id, CancellationToken.None));

        Assert.Equal(1, await _files.EraseSessionAsync("ses_2", CancellationToken.None));
        Assert.Empty(_database.FilesOnDisk());
        Assert.Equal(0, await _files.EraseSessionAsync("ses_2", CancellationToken.None));
        Assert.Equal(2, await _database.ScalarAsync<long>(
            "SELECT count(*) FROM files WHERE forgotten_at IS NOT NULL AND name = '' AND sha256 IS NULL"));
    }

    [Fact]
    public async Task RemoveUnused_AfterADay_RemovesUnusedFiles()
    {
        var unused = await _files.AddAsync("unused.txt", "unused"u8.ToArray());
        var used = await _files.AddAsync("used.txt", "used"u8.ToArray());
        await _database.UseAsync(used.Id, "ses_1");
        _clock.Advance(TimeSpan.FromHours(24));
        await _files.RemoveUnusedAsync(CancellationToken.None);
        Assert.NotNull(await _files.FindAsync(unused.Id, CancellationToken.None));

        _clock.Advance(TimeSpan.FromSeconds(1));
        await _files.RemoveUnusedAsync(CancellationToken.None);

        Assert.Null(await _files.FindAsync(unused.Id, CancellationToken.None));
        Assert.NotNull(await _files.FindAsync(used.Id, CancellationToken.None));
        Assert.Single(_database.FilesOnDisk());
    }

    [Fact]
    public async Task RemoveUnused_ByItsUploader_OnlyTheirsAndOnlyUnused()
    {
        var file = await _files.AddAsync("a.txt", "a"u8.ToArray());

        Assert.False(await _files.RemoveUnusedAsync(file.Id, "usr_2", CancellationToken.None));
        Assert.True(await _files.RemoveUnusedAsync(file.Id, "usr_1", CancellationToken.None));
        Assert.False(await _files.RemoveUnusedAsync(file.Id, "usr_1", CancellationToken.None));
        await AssertNothingAsync();
    }

    [Fact]
    public async Task RemoveOrphans_AfterACrash_DeletesBytesWithoutARow()
    {
        var kept = await _files.AddAsync("kept.txt", "kept"u8.ToArray());
        var orphan = Convert.ToHexStringLower(SHA256.HashData("orphan"u8));
        // As a process leaves them that is killed before the row is committed, and in the middle of receiving.
        await File.WriteAllTextAsync(Path.Combine(_database.FilesPath(), orphan), "orphan");
        await File.WriteAllTextAsync(Path.Combine(_database.FilesPath(), Guid.NewGuid().ToString("n") + ".part"), "half");

        await _files.RemoveOrphansAsync(CancellationToken.None);

        Assert.Equal([Convert.ToHexStringLower(SHA256.HashData("kept"u8))], _database.FilesOnDisk());
        Assert.NotNull(await _files.FindAsync(kept.Id, CancellationToken.None));
    }

    [Fact]
    public async Task RemoveOrphans_WhileAFileIsReceived_DoesNotDeleteIt()
    {
        var slow = new Paused();
        var adding = _files.AddAsync(TestFiles.Owner, "slow.txt", null, slow, CancellationToken.None);
        await slow.Asked.Task.Soon("the file is being received");

        await _files.RemoveOrphansAsync(CancellationToken.None);
        slow.Rest.SetResult();
        var file = await adding;

        Assert.Equal(4, file.Size);
        Assert.Equal([Convert.ToHexStringLower(SHA256.HashData("slow"u8))], _database.FilesOnDisk());
    }

    private sealed class Paused : Sender
    {
        private int _reads;

        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Rest { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            switch (_reads++)
            {
                case 0:
                    "sl"u8.CopyTo(buffer.Span);
                    return 2;
                case 1:
                    Asked.SetResult();
                    await Rest.Task;
                    "ow"u8.CopyTo(buffer.Span);
                    return 2;
                default:
                    return 0;
            }
        }
    }
}
