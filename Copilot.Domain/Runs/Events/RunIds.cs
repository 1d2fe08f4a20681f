using System.Runtime.CompilerServices;

namespace Copilot.Domain.Runs.Events;

/// <summary>Ids are lower-case strings: a prefix and a UUIDv7, so they sort by time.</summary>
public static class RunIds
{
    private static readonly ConditionalWeakTable<TimeProvider, Sequence> s_sequences = [];

    /// <summary>A new run id.</summary>
    public static string NewRun(TimeProvider time) => New("run_", time);

    /// <summary>A new session id.</summary>
    public static string NewSession(TimeProvider time) => New("ses_", time);

    /// <summary>A new id with any prefix, underscore included. Each sorts after the last one of the same clock, also when that is set back.</summary>
    public static string New(string prefix, TimeProvider time) => prefix + s_sequences.GetValue(time, static _ => new Sequence()).Next(time).ToString("n");

    /// <summary>
    /// The time of the last id of a clock and the number of ids in its millisecond, which takes the 12 bits of <c>rand_a</c> (RFC 9562, 6.2,
    /// method 1).
    /// </summary>
    private sealed class Sequence
    {
        private const int MaxCount = 0xFFF;
        private readonly Lock _lock = new();
        private long _milliseconds;
        private int _count;

        public Guid Next(TimeProvider time)
        {
            long milliseconds;
            int count;
            lock (_lock)
            {
                var now = time.GetUtcNow().ToUnixTimeMilliseconds();
                (_milliseconds, _count) = now > _milliseconds ? (now, 0)
                    : _count < MaxCount ? (_milliseconds, _count + 1)
                    : (_milliseconds + 1, 0);
                (milliseconds, count) = (_milliseconds, _count);
            }

            Span<byte> bytes = stackalloc byte[16];
            Guid.CreateVersion7(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)).TryWriteBytes(bytes, bigEndian: true, out _);
            bytes[6] = (byte)(0x70 | (count >> 8));
            bytes[7] = (byte)count;
            return new Guid(bytes, bigEndian: true);
        }
    }
}
