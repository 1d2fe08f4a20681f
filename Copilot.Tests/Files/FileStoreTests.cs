using System.Security.Cryptography;
using Copilot.Domain.Runs.Log;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Web.Files;

namespace Copilot.Tests.Files;

public sealed class FileStoreTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private TestDatabase _database = null!;
    private FileStore _files = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _files = _database.Files(_clock, new FileLimits { MaxBytes = 100_000, MaxPerMessage = 3, MaxUnused = 1_000 });
    }

    public async ValueTask DisposeAsync()
    {
        _files.Dispose();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Add_File_IsStoredUnderItsHashWithARow()
    {
        var content = RandomNumberGenerator.GetBytes(100_000);

        var file = await _files.AddAsync("../plans/Pump.PDF", content);

        Assert.Matches("^file_[0-9a-f]{32}$", file.Id);
        Assert.Equal("Pump.PDF", file.Name);
        Assert.Equal("application/pdf", file.Type);
        Assert.Equal(100_000L, file.Size);
        Assert.Equal([Convert.ToHexStringLower(SHA256.HashData(content))], _database.FilesOnDisk());
        await using var stored = _files.Open((await _files.FindAsync(file.Id, CancellationToken.None))!)!;
        var read = new MemoryStream();
        await stored.CopyToAsync(read);
        Assert.Equal(content, read.ToArray());
    }

    [Fact]
    public async Task Add_TooLarge_LeavesNothing()
    {
        var refused = await Assert.ThrowsAsync<FileRefusedException>(() => _files.AddAsync("big.bin", new byte[100_001]));

        Assert.Equal(413, refused.Status);
        Assert.Equal(FileText.TooLarge(100_000), refused.Message);
        await AssertNothingAsync();
    }

    [Fact]
    public async Task Add_Nothing_IsRefused()
    {
        var refused = await Assert.ThrowsAsync<FileRefusedException>(() => _files.AddAsync("empty.txt", []));

        Assert.Equal(400, refused.Status);
        Assert.Equal(FileText.Empty, refused.Message);
        await AssertNothingAsync();
    }

    [Fact]
    public async Task Add_EndlessContent_IsReadOnlyUpToTheLimit()
    {
        var endless = new Endless();

        await Assert.ThrowsAsync<FileRefusedException>(() =>
            _files.AddAsync(TestFiles.Owner, "endless", null, endless, CancellationToken.None));

        // A buffer is all that is ever held.
        Assert.InRange(endless.Given, 100_001, 100_000 + endless.LargestAsked);
        Assert.InRange(endless.LargestAsked, 1, 128 * 1024);
        await AssertNothingAsync();
    }

    [Fact]
    public async Task Add_SenderDisconnects_LeavesNothing()
    {
        await Assert.ThrowsAsync<IOException>(() => _files.AddAsync(TestFiles.Owner, "half", null, new BrokenOff(), CancellationToken.None));

        await AssertNothingAsync();
    }

    [Fact]
    public async Task Add_DatabaseIsFull_LeavesNoBytes()
    {
        _database.FillDisk();

        // Until the row no longer fits into the pages that the file has already.
        var added = 0;
        await Assert.ThrowsAsync<StorageUnavailableException>(async () =>
        {
            for (; added < 500; added++)
            {
                await _files.AddAsync($"{new string('n', 110)}{added}", RandomNumberGenerator.GetBytes(16));
            }
        });

        Assert.Equal(added, _database.FilesOnDisk().Count);
        Assert.Equal(added, await _database.ScalarAsync<long>("SELECT count(*) FROM files"));
    }

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
    public async Task Add_SameContentAtOnce_IsStoredForBoth()
    {
        var content = RandomNumberGenerator.GetBytes(50_000);

        var both = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => _files.AddAsync($"{i}.bin", content)));

        Assert.Single(_database.FilesOnDisk());
        Assert.Equal(8, (await _files.FindAsync([.. both.Select(file => file.Id)], CancellationToken.None)).Count);
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

    [Fact]
    public async Task Contents_BytesMissing_IsOmitted()
    {
        var file = await _files.AddAsync("a.txt", "a"u8.ToArray());
        File.Delete(Path.Combine(_database.FilesPath(), _database.FilesOnDisk()[0]));

        Assert.Empty(await _files.FindAsync([file.Id], CancellationToken.None));
        Assert.Null(_files.Open((await _files.FindAsync(file.Id, CancellationToken.None))!));
    }

    [Fact]
    public async Task Choose_OwnUpload_IsUsedInOrder()
    {
        var a = await _files.AddAsync("a.txt", "a"u8.ToArray());
        var b = await _files.AddAsync("b.txt", "b"u8.ToArray());

        var chosen = await _files.ChooseAsync([b.Id, a.Id], "usr_1", "ses_1", CancellationToken.None);

        Assert.Null(chosen.Problem);
        Assert.Equal([b, a], chosen.Files);
    }

    [Theory]
    [InlineData("usr_2", false)]
    [InlineData("usr_1", true)]
    public async Task Choose_OtherPersonsFile_IsNotFound(string userId, bool isUsable)
    {
        var file = await _files.AddAsync("a.txt", "a"u8.ToArray());

        var chosen = await _files.ChooseAsync([file.Id], userId, null, CancellationToken.None);

        Assert.Equal(isUsable ? null : FileText.Unusable(file.Id), chosen.Problem);
    }

    [Fact]
    public async Task Choose_TooManyOrTwice_IsReported()
    {
        var file = await _files.AddAsync("a.txt", "a"u8.ToArray());

        Assert.Equal(
            FileText.TooMany(3, 4),
            (await _files.ChooseAsync(["1", "2", "3", "4"], "usr_1", null, CancellationToken.None)).Problem);
        Assert.Equal(
            FileText.NamedTwice,
            (await _files.ChooseAsync([file.Id, file.Id], "usr_1", null, CancellationToken.None)).Problem);
        Assert.Equal(
            FileText.Unusable("…"),
            (await _files.ChooseAsync(["<b>"], "usr_1", null, CancellationToken.None)).Problem);
    }

    [Fact]
    public async Task Choose_UsedInAnotherSession_IsCopied()
    {
        var file = await _files.AddAsync("a.txt", "a"u8.ToArray());
        await _database.UseAsync(file.Id, "ses_1");

        var same = await _files.ChooseAsync([file.Id], "usr_1", "ses_1", CancellationToken.None);
        var other = await _files.ChooseAsync([file.Id], "usr_1", "ses_2", CancellationToken.None);

        Assert.Equal([file], same.Files);
        var copy = Assert.Single(other.Files);
        Assert.NotEqual(file.Id, copy.Id);
        await _files.EraseSessionAsync("ses_1", CancellationToken.None);
        Assert.NotNull(await _files.FindAsync(copy.Id, CancellationToken.None));
        Assert.Single(_database.FilesOnDisk());
    }

    private async Task AssertNothingAsync()
    {
        Assert.Empty(_database.FilesOnDisk());
        Assert.Equal(0, await _database.ScalarAsync<long>("SELECT count(*) FROM files"));
    }

    private abstract class Sender : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }

    private sealed class Endless : Sender
    {
        public long Given { get; private set; }

        public int LargestAsked { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Given += buffer.Length;
            LargestAsked = Math.Max(LargestAsked, buffer.Length);
            return ValueTask.FromResult(buffer.Length);
        }
    }

    private sealed class BrokenOff : Sender
    {
        private bool _begun;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_begun)
            {
                throw new IOException("The other side has gone.");
            }

            _begun = true;
            return ValueTask.FromResult(100);
        }
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
