using System.Buffers.Text;

namespace Copilot.Bench.Live;

/// <summary>
/// Finds the words of <see cref="LiveUpstream"/> in what a page is sent. Each word says when it was sent, so the first batch that holds
/// it says how late it is.
/// </summary>
internal sealed class StampReader
{
    private readonly Dictionary<int, int> _seen = [];
    private bool _isOver;

    /// <summary>How late each word was that a batch held for the first time, in milliseconds.</summary>
    public List<double> Lags { get; } = [];

    /// <summary>How late the first word of each answer was, in milliseconds.</summary>
    public List<double> FirstLags { get; } = [];

    /// <summary>The highest word seen of each answer, by the answer's number.</summary>
    public IReadOnlyDictionary<int, int> Seen => _seen;

    /// <summary>The word after which nothing is measured any more: where a run has ended, a wall shows the beginning of its answer.</summary>
    public int Until { get; set; } = int.MaxValue;

    /// <summary>Reads one batch.</summary>
    /// <param name="batch">The batch's bytes: its texts are UTF-8.</param>
    /// <param name="now">Unix milliseconds at which it was received.</param>
    public void Read(ReadOnlySpan<byte> batch, double now)
    {
        for (var at = batch.IndexOf(LiveUpstream.Mark); at >= 0;)
        {
            batch = batch[(at + LiveUpstream.Mark.Length)..];
            if (TryTake(ref batch, out var micros) && TryTake(ref batch, out var answer) && TryTake(ref batch, out var word))
            {
                Note(now - (micros / 1000.0), (int)answer, (int)word);
            }

            at = batch.IndexOf(LiveUpstream.Mark);
        }
    }

    /// <summary>Forgets what was measured so far, not what was seen.</summary>
    public void Reset()
    {
        Lags.Clear();
        FirstLags.Clear();
    }

    private void Note(double lag, int answer, int word)
    {
        // A page may be sent the same text again; what is older than the newest word was sent before.
        if (_seen.TryGetValue(answer, out var seen) && word <= seen)
        {
            return;
        }

        if (!_seen.ContainsKey(answer) && word == 0)
        {
            FirstLags.Add(lag);
        }

        _seen[answer] = word;
        _isOver |= word >= Until;
        if (!_isOver)
        {
            Lags.Add(lag);
        }
    }

    // Each number ends with a point: behind a text come bytes that may look like digits.
    private static bool TryTake(ref ReadOnlySpan<byte> text, out long value)
    {
        if (!Utf8Parser.TryParse(text, out value, out var length) || length == text.Length || text[length] != (byte)'.')
        {
            return false;
        }

        text = text[(length + 1)..];
        return true;
    }
}
