using System.Security.Cryptography;
using Copilot.Domain.Runs.Log;
using Copilot.Tests.Shared.Runs;
using Copilot.Web.Files;

namespace Copilot.Tests.Files;

public sealed class FileStoreTests : FileStoreScene
{
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
    public async Task Add_SameContentAtOnce_IsStoredForBoth()
    {
        var content = RandomNumberGenerator.GetBytes(50_000);

        var both = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => _files.AddAsync($"{i}.bin", content)));

        Assert.Single(_database.FilesOnDisk());
        Assert.Equal(8, (await _files.FindAsync([.. both.Select(file => file.Id)], CancellationToken.None)).Count);
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
}
