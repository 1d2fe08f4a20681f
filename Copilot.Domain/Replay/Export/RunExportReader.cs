using System.Globalization;
using Copilot.Domain.Runs.Events;

namespace Copilot.Domain.Replay.Export;

/// <summary>
/// Reads an exported file line by line, as the lines come, and checks the hash chain on the way. Nothing in it is trusted; what is wrong
/// with it is a sentence for people.
/// </summary>
/// <param name="mostEvents">The most events that are read.</param>
public sealed class RunExportReader(int mostEvents)
{
    /// <summary>The highest number that an event may have: what is read of a run takes memory for every number before it.</summary>
    public const long HighestSeq = 1_000_000;

    // What other files begin with, and what is said of them.
    private static readonly (byte[] Start, string Problem)[] s_others =
    [
        ([0x1F, 0x8B], Compressed), ([0x50, 0x4B, 0x03, 0x04], Compressed), ([0x50, 0x4B, 0x05, 0x06], Compressed), ([0x28, 0xB5, 0x2F, 0xFD], Compressed),
        ([0x42, 0x5A, 0x68], Compressed), ([0xFD, 0x37, 0x7A, 0x58, 0x5A], Compressed), ([0x37, 0x7A, 0xBC, 0xAF], Compressed),
        ([0xFF, 0xFE], OtherEncoding), ([0xFE, 0xFF], OtherEncoding), ([0x7B, 0x00], OtherEncoding), ([0x00, 0x7B], OtherEncoding),
        ("<!doctype"u8.ToArray(), WebPage), ("<!DOCTYPE"u8.ToArray(), WebPage), ("<html"u8.ToArray(), WebPage),
    ];

    private const string Compressed = "The file is compressed. Unpack it first: only plain .jsonl files are opened.";
    private const string OtherEncoding = "The file is not UTF-8. Some program has saved it anew; take the file as it was exported.";
    private const string WebPage = "The file is a web page. An exported page plays by itself: open it in a browser.";

    private static readonly byte[] s_mark = [0xEF, 0xBB, 0xBF];

    private readonly HashSet<string> _begun = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _broken = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _known = new(StringComparer.Ordinal);
    private HashSet<string> _named = [];
    private RunEvent? _before;
    private int _line;
    private int _events;

    /// <summary>What the file holds; null before its first line.</summary>
    public ExportHeader? Header { get; private set; }

    /// <summary>Whether its chain can be checked: only of a whole, exact copy.</summary>
    public bool IsChecked => Header is { Clip: null, Redacted.Count: 0 };

    /// <summary>What is wrong with a file that begins like this, in a sentence; null where it may be an export.</summary>
    /// <param name="start">Its first bytes.</param>
    public static string? ProblemOf(ReadOnlySpan<byte> start)
    {
        foreach (var (other, problem) in s_others)
        {
            if (start.StartsWith(other))
            {
                return problem;
            }
        }

        return start.Contains((byte)0) ? "The file is no text, so it is no export of a run." : null;
    }

    /// <summary>Number of the first event of a run that is not what was recorded, or that follows something that is missing; null for none.</summary>
    public long? BrokenAt(string runId) => _broken.TryGetValue(runId, out var seq) ? seq : null;

    /// <summary>Reads the next line.</summary>
    /// <param name="line">UTF-8, without its end.</param>
    /// <param name="isWhole">Whether the line had an end: only the last one of a file may have none, and then it may be cut.</param>
    /// <returns>The event, or null for the first line.</returns>
    /// <exception cref="ExportFormatException">It is not what an export has there.</exception>
    public RunEvent? Read(ReadOnlyMemory<byte> line, bool isWhole)
    {
        _line++;
        try
        {
            return Header is null ? ReadHeader(line) : ReadEvent(line);
        }
        catch (ExportFormatException) when (!isWhole && ExportLines.IsCut(line.Span))
        {
            throw new ExportFormatException(string.Create(CultureInfo.InvariantCulture, $"The file was cut off in line {_line}."));
        }
    }

    /// <summary>Ends the reading.</summary>
    /// <exception cref="ExportFormatException">The file is empty, or its end is missing.</exception>
    public void End()
    {
        if (Header is null)
        {
            throw new ExportFormatException("The file is empty.");
        }

        if (Header.Runs.FirstOrDefault(run => !_begun.Contains(run)) is { } missing)
        {
            throw new ExportFormatException($"The file was cut off: it says that it holds run {missing}, and does not.");
        }
    }

    private RunEvent? ReadHeader(ReadOnlyMemory<byte> line)
    {
        if (ProblemOf(line.Span) is { } problem)
        {
            throw new ExportFormatException(problem);
        }

        // Some programs write a mark before UTF-8.
        Header = ExportLines.ReadHeader(line.Span.StartsWith(s_mark) ? line[s_mark.Length..] : line);
        _named = new HashSet<string>(Header.Runs, StringComparer.Ordinal);
        return null;
    }

    private RunEvent ReadEvent(ReadOnlyMemory<byte> line)
    {
        if (++_events > mostEvents)
        {
            throw new ExportFormatException(string.Create(CultureInfo.InvariantCulture, $"The file has more than {mostEvents:N0} events."));
        }

        return Next(ExportLines.ReadEvent(line, _line, Header!.Redacted.Count == 0, Known));
    }

    private RunEvent Next(RunEvent runEvent)
    {
        if (!_named.Contains(runEvent.RunId))
        {
            throw new ExportFormatException(_line, "it belongs to a run that the header does not name.");
        }

        var isFirst = _before?.RunId != runEvent.RunId;
        if (isFirst && !_begun.Add(runEvent.RunId))
        {
            throw new ExportFormatException(_line, "the events of its run are not together.");
        }

        var expected = isFirst ? Header!.Clip?.First ?? 1 : _before!.Seq + 1;
        if (runEvent.Seq != expected)
        {
            throw new ExportFormatException(_line, $"event {expected} is missing.");
        }

        if (runEvent.Seq > HighestSeq)
        {
            throw new ExportFormatException(_line, string.Create(CultureInfo.InvariantCulture, $"its number is above {HighestSeq:N0}."));
        }

        if (IsChecked && !_broken.ContainsKey(runEvent.RunId) && !RunEventChain.Verify(runEvent, isFirst ? RunEventChain.Start : _before!.Hash))
        {
            _broken[runEvent.RunId] = runEvent.Seq;
        }

        return _before = runEvent;
    }

    // A run says the same ids and types thousands of times.
    private string Known(string text)
    {
        if (_known.TryGetValue(text, out var known))
        {
            return known;
        }

        if (_known.Count > 10_000)
        {
            _known.Clear();
        }

        return _known[text] = text;
    }
}
