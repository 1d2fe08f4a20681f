using Copilot.Web.Options;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Sessions.Importing;

/// <summary>The memory of the process for files that people have opened: who comes when it is full has to wait.</summary>
internal sealed class ImportMemory(IOptions<LimitOptions> options)
{
    private readonly Lock _lock = new();

    /// <summary>Bytes of files that are open now; leak tests read it.</summary>
    public long Taken { get; private set; }

    /// <summary>Takes memory for a file. Null when there is not enough.</summary>
    /// <param name="bytes">Its size.</param>
    /// <returns>The memory; disposing it gives it back.</returns>
    public IDisposable? TryTake(long bytes)
    {
        lock (_lock)
        {
            if (Taken + bytes > options.Value.ImportBytesTogether)
            {
                return null;
            }

            Taken += bytes;
        }

        return new Place(this, bytes);
    }

    private sealed class Place(ImportMemory memory, long bytes) : IDisposable
    {
        private int _given;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _given, 1) == 0)
            {
                lock (memory._lock)
                {
                    memory.Taken -= bytes;
                }
            }
        }
    }
}
