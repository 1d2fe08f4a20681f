using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Copilot.Domain.Runs.Log;

namespace Copilot.Web.Files;

/// <summary>
/// The bytes on the disk: one file per content, named by its SHA-256. An incomplete upload has a temporary name in the same folder until
/// it is complete and flushed. Other files in the folder are neither listed nor deleted.
/// </summary>
internal sealed partial class FileFolder
{
    private const string Unfinished = ".part";
    private const int BufferSize = 80 * 1024;

    private readonly string _path;
    private readonly int _maxBytes;
    private readonly HashSet<string> _receiving = [];

    /// <param name="path">Absolute path; created with the first file.</param>
    /// <param name="maxBytes">Largest file.</param>
    public FileFolder(string path, int maxBytes) => (_path, _maxBytes) = (path, maxBytes);

    /// <summary>Where it is, as an absolute path.</summary>
    public string Location => _path;

    /// <summary>Receives a file, a buffer at a time. Dispose the result: unless it was stored, it is then deleted.</summary>
    /// <exception cref="FileRefusedException">It is empty or too large.</exception>
    /// <exception cref="StorageUnavailableException">The disk does not take it.</exception>
    public async Task<ReceivedFile> ReceiveAsync(Stream content, CancellationToken cancellationToken)
    {
        var name = Guid.NewGuid().ToString("n") + Unfinished;
        lock (_receiving)
        {
            _receiving.Add(name);
        }

        var received = new ReceivedFile(this, name);
        try
        {
            await using var target = OnDisk(() => Create(name));
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var buffer = new byte[BufferSize];
            var head = Array.Empty<byte>();
            long size = 0;
            int read;
            while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
            {
                size += read;
                if (size > _maxBytes)
                {
                    throw FileRefusedException.TooLarge(_maxBytes);
                }

                head = head.Length < MediaType.HeadLength ? [.. head, .. buffer.AsSpan(0, Math.Min(read, MediaType.HeadLength - head.Length))] : head;
                hash.AppendData(buffer, 0, read);
                await OnDiskAsync(() => target.WriteAsync(buffer.AsMemory(0, read), cancellationToken).AsTask());
            }

            if (size == 0)
            {
                throw FileRefusedException.Empty();
            }

            OnDisk(() =>
            {
                target.Flush(flushToDisk: true);
                return size;
            });
            received.Complete(Convert.ToHexStringLower(hash.GetHashAndReset()), size, head);
            return received;
        }
        catch
        {
            received.Dispose();
            throw;
        }
    }

    /// <summary>Stores received bytes under their hash. If equal bytes exist already, those remain.</summary>
    /// <exception cref="StorageUnavailableException">The disk does not take it.</exception>
    public void Store(ReceivedFile received) => OnDisk(() =>
    {
        if (!Has(received.Sha256, received.Size))
        {
            File.Move(At(received.Name), At(received.Sha256), overwrite: true);
        }

        return true;
    });

    /// <summary>True when the bytes exist with this size.</summary>
    public bool Has(string sha256, long size) => new FileInfo(At(sha256)) is { Exists: true } file && file.Length == size;

    /// <summary>Opens the bytes for reading. They may be deleted meanwhile; an open reader can continue.</summary>
    /// <exception cref="IOException">They are gone.</exception>
    public Stream Open(string sha256) => new FileStream(At(sha256), new FileStreamOptions
    {
        Mode = FileMode.Open,
        Access = FileAccess.Read,
        Share = FileShare.Read | FileShare.Delete,
        Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
    });

    /// <summary>Deletes bytes. Does nothing if there are none, or if the name is not one of this class.</summary>
    public void Delete(string name)
    {
        if (IsOurs(name) && File.Exists(At(name)))
        {
            File.Delete(At(name));
        }
    }

    /// <summary>All files of this class that are not being written: contents, and incomplete uploads left by a crash.</summary>
    public IReadOnlyList<string> Names()
    {
        if (!Directory.Exists(_path))
        {
            return [];
        }

        var names = Directory.EnumerateFiles(_path).Select(file => Path.GetFileName(file)).Where(IsOurs).ToList();
        lock (_receiving)
        {
            return [.. names.Where(name => !_receiving.Contains(name))];
        }
    }

    private void Release(string name)
    {
        try
        {
            Delete(name);
        }
        finally
        {
            lock (_receiving)
            {
                _receiving.Remove(name);
            }
        }
    }

    private FileStream Create(string name)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Options = FileOptions.Asynchronous,
            BufferSize = 0,
        };
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(_path);
        }
        else
        {
            // An existing folder's mode is its owner's choice, so each file gets a restrictive mode.
            Directory.CreateDirectory(_path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(At(name), options);
    }

    private static bool IsOurs(string name) => OurName().IsMatch(name);

    // A SHA-256, or the GUID of an incomplete upload.
    [GeneratedRegex(@"\A([0-9a-f]{64}|[0-9a-f]{32}\.part)\z")]
    private static partial Regex OurName();

    private string At(string name) => Path.Combine(_path, name);

    private static T OnDisk<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unavailable(exception);
        }
    }

    private static async Task OnDiskAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unavailable(exception);
        }
    }

    private static StorageUnavailableException Unavailable(Exception exception) => new("The folder of the files cannot be written.", exception);

    /// <summary>Complete, flushed bytes under a temporary name.</summary>
    internal sealed class ReceivedFile(FileFolder folder, string name) : IDisposable
    {
        private byte[] _head = [];

        public string Name => name;

        public string Sha256 { get; private set; } = "";

        public long Size { get; private set; }

        /// <summary>The first bytes, at most <see cref="MediaType.HeadLength"/>.</summary>
        public ReadOnlySpan<byte> Head => _head;

        public void Complete(string sha256, long size, byte[] head) => (Sha256, Size, _head) = (sha256, size, head);

        public void Dispose() => folder.Release(name);
    }
}
