using Copilot.Domain.Runs.Events;
using Copilot.Tests.Shared.Clock;
using Copilot.Web.Components.RunScreen;
using Copilot.Web.Sessions.RunScreen;

namespace Copilot.Tests.Components.RunScreen;

public sealed class HeldEventsTests
{
    private const int Events = 2_000;

    private readonly List<(long After, int Limit)> _readings = [];
    private readonly HeldEvents _held;
    private Task _read = Task.CompletedTask;

    public HeldEventsTests() => _held = new HeldEvents(new RawEvents(PageAsync, first: 1, CancellationToken.None));

    [Fact]
    public async Task Read_WhileAnotherReadingLetsGoOfThem_GivesAllRowsInOrder()
    {
        // More than are held for long; the newest of them are in sight.
        await ReadAsync(1, 450);
        var first = new TaskCompletionSource();
        _read = first.Task;
        var inSight = ReadAsync(430, 470);
        _read = Task.CompletedTask;

        // The playhead has gone far away: what is around it is read first, and nothing else is held after that.
        Assert.Equal(Seqs(1_000, 1_020), await ReadAsync(1_000, 1_020));
        Assert.Empty(_held.Known(Seqs(430, 450)));
        first.SetResult();

        Assert.Equal(Seqs(430, 470), await inSight.Soon("the rows in sight are read"));
    }

    [Fact]
    public async Task Read_RowsThatAreHeld_ReadsTheOthersAlone()
    {
        await ReadAsync(10, 20);
        _readings.Clear();

        Assert.Equal(Seqs(12, 18), await ReadAsync(12, 18));
        Assert.Empty(_readings);
        // With the one before them, for the time in between.
        Assert.Equal(Seqs(15, 25), await ReadAsync(15, 25));
        Assert.Equal([(19, 6)], _readings);
    }

    [Fact]
    public async Task Read_NewestFirst_KeepsThatOrder()
    {
        long[] asked = [30, 29, 28];

        Assert.Equal(asked, (await _held.ReadAsync(asked, CancellationToken.None)).Select(row => row.Seq));
        Assert.Equal([29, 30], _held.Known([29, 31, 30]).Select(row => row.Seq));
    }

    private static long[] Seqs(long from, long to) => [.. Enumerable.Range((int)from, (int)(to - from + 1)).Select(seq => (long)seq)];

    private async Task<long[]> ReadAsync(long from, long to) => [.. (await _held.ReadAsync(Seqs(from, to), CancellationToken.None)).Select(row => row.Seq)];

    private async Task<IReadOnlyList<RunEvent>> PageAsync(long after, int limit, CancellationToken cancellationToken)
    {
        _readings.Add((after, limit));
        await _read;
        return [.. Seqs(after + 1, Math.Min(Events, after + limit)).Select(Event)];
    }

    private static RunEvent Event(long seq) => new()
    {
        RunId = "run_1",
        Seq = seq,
        At = DateTimeOffset.UnixEpoch,
        Source = EventSource.Upstream,
        Type = "type",
        Data = "{}"u8.ToArray(),
        Salt = new byte[32],
        PayloadDigest = new byte[32],
        Hash = new byte[32],
    };
}
