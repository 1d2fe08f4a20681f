using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Web.Files;

namespace Copilot.Tests.Files;

/// <summary>Files on a real disk and in a real database.</summary>
public abstract class FileStoreScene : IAsyncLifetime
{
    private protected readonly ManualClock _clock = new();
    private protected TestDatabase _database = null!;
    private protected FileStore _files = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _files = _database.Files(_clock, new FileLimits { MaxBytes = 100_000, MaxPerMessage = 3, MaxUnused = 1_000 });
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _files.Dispose();
        await _database.DisposeAsync();
    }

    private protected async Task AssertNothingAsync()
    {
        Assert.Empty(_database.FilesOnDisk());
        Assert.Equal(0, await _database.ScalarAsync<long>("SELECT count(*) FROM files"));
    }

    private protected abstract class Sender : Stream
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
}
