using System.Buffers;
using Copilot.Domain.Runs.Events;

namespace Copilot.Domain.Replay.Export;

/// <summary>
/// Runs as lines of JSON: a header, then every event as it was recorded. Writing what was read gives the same bytes. An exact copy has the
/// hash chain; a redacted one has none, because what it says is not what was recorded.
/// </summary>
/// <param name="Header">What it holds.</param>
/// <param name="Events">The events, run after run, in the order of their numbers.</param>
public sealed record RunExport(ExportHeader Header, IReadOnlyList<RunEvent> Events)
{
    /// <summary>The most bytes that are read.</summary>
    public const int MostBytes = 256 * 1024 * 1024;

    /// <summary>The most bytes of one line that are read.</summary>
    public const int MostLineBytes = 64 * 1024 * 1024;

    /// <summary>What is exported of some runs. Preview and file are both made from it.</summary>
    /// <param name="runs">Each run's events, all of them, in the order of their numbers.</param>
    /// <param name="clip">The events to export of the one run; null for all of them.</param>
    /// <param name="redaction">What is made unreadable.</param>
    public static RunExport Of(IReadOnlyList<IReadOnlyList<RunEvent>> runs, SeqRange? clip, Redaction redaction)
    {
        ArgumentNullException.ThrowIfNull(runs);
        ArgumentNullException.ThrowIfNull(redaction);
        var redactor = redaction.IsNone ? null : new EventRedactor(redaction);
        var events = runs
            .SelectMany(run => redactor is null ? run : redactor.Redact(run))
            .Where(one => clip is null || (one.Seq >= clip.First && one.Seq <= clip.Last))
            .ToList();
        return new RunExport(
            new ExportHeader([.. runs.Where(run => run.Count > 0).Select(run => run[0].RunId)], clip, redaction.Words), events);
    }

    /// <summary>The file as UTF-8.</summary>
    public ReadOnlyMemory<byte> ToUtf8()
    {
        var buffer = new ArrayBufferWriter<byte>();
        ExportLines.Write(buffer, Header);
        foreach (var runEvent in Events)
        {
            ExportLines.Write(buffer, runEvent, isExact: Header.Redacted.Count == 0);
        }

        return buffer.WrittenMemory;
    }

    /// <summary>Reads a file. Nothing in it is trusted.</summary>
    /// <param name="file">UTF-8.</param>
    /// <exception cref="ExportFormatException">It is no export, or a broken one.</exception>
    public static RunExport Read(ReadOnlyMemory<byte> file)
    {
        if (file.Length > MostBytes)
        {
            throw new ExportFormatException($"The file is larger than {MostBytes / 1024 / 1024} MB.");
        }

        var reader = new RunExportReader(int.MaxValue);
        var events = new List<RunEvent>();
        for (var line = 1; !file.IsEmpty; line++)
        {
            var end = file.Span.IndexOf((byte)'\n');
            var text = end < 0 ? file : file[..end];
            file = end < 0 ? ReadOnlyMemory<byte>.Empty : file[(end + 1)..];
            if (text.Length > MostLineBytes)
            {
                throw new ExportFormatException(line, "it is too long.");
            }

            if (reader.Read(text, isWhole: end >= 0) is { } runEvent)
            {
                events.Add(runEvent);
            }
        }

        reader.End();
        return new RunExport(reader.Header!, events);
    }

    /// <summary>The first event that is not what was recorded, or that follows something that is missing; null where all is as it was.</summary>
    /// <remarks>Only a whole, exact copy can be checked: of anything else nothing is said.</remarks>
    public RunEvent? FindBroken()
    {
        if (Header.Clip is not null || Header.Redacted.Count > 0)
        {
            return null;
        }

        RunEvent? before = null;
        foreach (var runEvent in Events)
        {
            var isFirst = before?.RunId != runEvent.RunId;
            if (!RunEventChain.Verify(runEvent, isFirst ? RunEventChain.Start : before!.Hash))
            {
                return runEvent;
            }

            before = runEvent;
        }

        return null;
    }
}
