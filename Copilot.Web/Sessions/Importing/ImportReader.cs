using Copilot.Domain.Replay.Export;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Sessions.RunScreen;

namespace Copilot.Web.Sessions.Importing;

/// <summary>
/// Reads an exported file as it comes. Only the line that is being read is held beside the events, and of those only what is shown:
/// their places in the hash chain are checked on the way and let go.
/// </summary>
internal static class ImportReader
{
    /// <summary>The most bytes of one line: one event of the largest size that the upstream may send.</summary>
    public const int MostLineBytes = 32 * 1024 * 1024;

    private const int FirstRoom = 64 * 1024;

    // As in events that were covered: a salt says only that the payload is there.
    private static readonly ReadOnlyMemory<byte> s_salt = new byte[1];

    /// <summary>Reads the file.</summary>
    /// <param name="file">Its bytes.</param>
    /// <param name="size">How many there may be.</param>
    /// <param name="progress">Called with how many were read, often.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>What it says that it holds, and its runs.</returns>
    /// <exception cref="ExportFormatException">It is no export, or a broken one.</exception>
    /// <exception cref="ImportRefusedException">It is larger than it said.</exception>
    public static async Task<(ExportHeader Header, IReadOnlyList<ImportedRun> Runs)> ReadAsync(
        Stream file, long size, Action<long> progress, CancellationToken cancellationToken)
    {
        var runs = new Runs();
        var buffer = new byte[FirstRoom];
        var (filled, searched, total) = (0, 0, 0L);
        while (true)
        {
            if (filled == buffer.Length)
            {
                buffer = Grow(buffer, runs.Line);
            }

            var count = await file.ReadAsync(buffer.AsMemory(filled), cancellationToken);
            if (count == 0)
            {
                break;
            }

            total += count;
            if (total > size)
            {
                throw new ImportRefusedException(ImportRefusal.TooLarge);
            }

            // Before a line is waited for that never ends.
            if (total == count && RunExportReader.ProblemOf(buffer.AsSpan(0, count)) is { } problem)
            {
                throw new ExportFormatException(problem);
            }

            filled += count;
            progress(total);
            var begin = 0;
            while (buffer.AsSpan(searched, filled - searched).IndexOf((byte)'\n') is >= 0 and var end)
            {
                runs.Add(buffer.AsMemory(begin, searched + end - begin), isWhole: true);
                begin = searched = searched + end + 1;
            }

            buffer.AsSpan(begin, filled - begin).CopyTo(buffer);
            filled = searched = filled - begin;
            cancellationToken.ThrowIfCancellationRequested();
        }

        if (filled > 0)
        {
            runs.Add(buffer.AsMemory(0, filled), isWhole: false);
        }

        return runs.End();
    }

    private static byte[] Grow(byte[] buffer, int line)
    {
        if (buffer.Length >= MostLineBytes)
        {
            throw new ExportFormatException(line + 1, "it is too long.");
        }

        Array.Resize(ref buffer, Math.Min(MostLineBytes, buffer.Length * 2));
        return buffer;
    }

    /// <summary>What was read so far.</summary>
    private sealed class Runs
    {
        private readonly RunExportReader _reader = new(ExportedEvents.MostEvents);
        private readonly List<ImportedRun> _runs = [];
        private List<RunEvent> _events = [];
        private RunSummary? _summary;

        public int Line { get; private set; }

        public void Add(ReadOnlyMemory<byte> line, bool isWhole)
        {
            Line++;
            if (_reader.Read(line, isWhole) is not { } runEvent)
            {
                return;
            }

            if (_events.Count > 0 && _events[^1].RunId != runEvent.RunId)
            {
                Close();
            }

            var held = WithoutChain(runEvent);
            _events.Add(held);
            _summary = _summary is null ? Begin(held) : RunSummaryFold.Apply(_summary, held);
        }

        public (ExportHeader Header, IReadOnlyList<ImportedRun> Runs) End()
        {
            _reader.End();
            Close();
            return (_reader.Header!, _runs);
        }

        private void Close()
        {
            var runId = _events[0].RunId;
            var broken = _reader.BrokenAt(runId);
            var finding = broken is not null ? ChainFinding.Broken
                : _reader.IsChecked ? ChainFinding.Verified
                : _reader.Header!.Redacted.Count > 0 ? ChainFinding.Covered
                : ChainFinding.Clip;
            _runs.Add(new ImportedRun(_summary!, _events, new ChainCheck(finding, broken)));
            (_events, _summary) = ([], null);
        }

        // Who asked and what stands in the first event, which a clip does not have.
        private static RunSummary Begin(RunEvent first)
        {
            var empty = new RunSummary
            {
                RunId = first.RunId,
                SessionId = "",
                UserId = "",
                TeamId = "",
                AgentName = "",
                Model = "",
                CreatedAt = first.At,
                Status = RunStatus.Running,
            };
            return first.Type == RunEventTypes.RunCreated ? RunSummaryFold.Apply(null, first) : RunSummaryFold.Apply(empty, first);
        }

        private static RunEvent WithoutChain(RunEvent one) => new()
        {
            RunId = one.RunId,
            Seq = one.Seq,
            At = one.At,
            Source = one.Source,
            Actor = one.Actor,
            Type = one.Type,
            ResponseId = one.ResponseId,
            CallId = one.CallId,
            Data = one.Data,
            Salt = one.IsErased ? ReadOnlyMemory<byte>.Empty : s_salt,
            PayloadDigest = ReadOnlyMemory<byte>.Empty,
            Hash = ReadOnlyMemory<byte>.Empty,
        };
    }
}
